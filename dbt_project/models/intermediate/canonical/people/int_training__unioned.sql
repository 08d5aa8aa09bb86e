{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'employee_no']) }} as employee_key,
    employee_no,
    course_id,
    course_name,
    cohort,
    hours,
    started_date,
    completed_date
from {{ ref('stg_workforce__trainings') }}
