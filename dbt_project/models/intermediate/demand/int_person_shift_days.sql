{{ config(materialized='view') }}

with

accounts as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}

),

shifts as (

    select
        employee_key,
        local_date,
        planned_seconds,
        coalesce(paid_seconds, planned_seconds) as worked_seconds,
        is_rest
    from {{ ref('int_shifts__unioned') }}

)

-- Plans for days that have not come yet say nothing about work done.
select
    shifts.employee_key as person_key,
    shifts.local_date,
    count(*) filter (where not shifts.is_rest) as shift_count,
    cast(
        coalesce(sum(shifts.planned_seconds) filter (where not shifts.is_rest), 0) as bigint
    ) as planned_seconds,
    cast(
        coalesce(sum(shifts.worked_seconds) filter (where not shifts.is_rest), 0) as bigint
    ) as worked_seconds
from shifts
cross join accounts
where shifts.employee_key is not null and shifts.local_date <= accounts.as_of_date
group by shifts.employee_key, shifts.local_date
