with

exams as (

    select *
    from {{ ref('int_exams__unioned') }}

),

spans as (

    select employee_key, team_name, valid_from, valid_to
    from {{ ref('int_employee_spans') }}

),

trained as (

    select distinct employee_key, course_id
    from {{ ref('int_training__unioned') }}

)

-- An employee is of one team a day, and took a course or did not.
select
    {{ hash_key(['exams.employee_key', 'exams.course_id', 'exams.exam_kind', 'exams.attempt_no']) }}
        as exam_key,
    exams.employee_key as person_key,
    exams.source_system,
    exams.account_id,
    exams.employee_no as agent_id,
    coalesce(spans.team_name, 'unknown') as team_name,
    exams.course_id,
    case when trained.employee_key is null then 'control' else 'trained' end as arm,
    exams.exam_kind,
    exams.attempt_no,
    exams.correct_count,
    exams.question_count,
    exams.is_passed,
    exams.exam_kind in ('after', 'retest') as is_after_course,
    exams.sat_date
from exams
left join spans
    on
        spans.employee_key = exams.employee_key
        and spans.valid_from <= exams.sat_date
        and exams.sat_date < spans.valid_to
left join trained
    on
        trained.employee_key = exams.employee_key
        and trained.course_id = exams.course_id
order by exams.sat_date, exam_key
