with

training as (

    select *
    from {{ ref('int_training__unioned') }}

),

spans as (

    select employee_key, team_name, valid_from, valid_to
    from {{ ref('int_employee_spans') }}

)

-- An employee is of one team a day.
select
    {{ hash_key(['training.employee_key', 'training.course_id', 'training.completed_date']) }}
        as training_key,
    training.employee_key as person_key,
    training.source_system,
    training.account_id,
    training.employee_no as agent_id,
    coalesce(spans.team_name, 'unknown') as team_name,
    training.course_id,
    coalesce(training.course_name, training.course_id) as course_name,
    coalesce(training.cohort, 'unknown') as cohort,
    cast(training.hours as double) as hours,
    training.started_date,
    training.completed_date
from training
left join spans
    on
        spans.employee_key = training.employee_key
        and spans.valid_from <= training.completed_date
        and training.completed_date < spans.valid_to
order by training.completed_date, training_key
