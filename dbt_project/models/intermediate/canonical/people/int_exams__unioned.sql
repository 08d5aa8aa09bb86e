{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'employee_no']) }} as employee_key,
    employee_no,
    course_id,
    exam_kind,
    attempt_no,
    score,
    max_score,
    correct_count,
    question_count,
    is_passed,
    sat_date
from {{ ref('stg_workforce__exams') }}
