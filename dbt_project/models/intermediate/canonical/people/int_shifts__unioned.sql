with

shifts as (

    select *
    from {{ ref('stg_workforce__shifts') }}

),

roster as (

    select *
    from {{ ref('int_roster__versioned') }}

),

-- Sheets of shifts often have names alone. A name counts as one person only if on that day the
-- roster knows one such person.
named as (

    select
        shifts.account_id,
        shifts.full_name,
        shifts.local_date,
        case when count(distinct roster.employee_no) = 1 then min(roster.employee_no) end
            as employee_no
    from (select distinct account_id, full_name, local_date from shifts) as shifts
    inner join roster
        on
            roster.account_id = shifts.account_id
            and roster.full_name = shifts.full_name
            and roster.valid_from <= shifts.local_date
            and shifts.local_date < roster.valid_to
    group by shifts.account_id, shifts.full_name, shifts.local_date

)

-- One row a name and day, so the join keeps one row a shift.
select
    shifts.source_system,
    shifts.account_id,
    {{ hash_key([
        'shifts.source_system',
        'shifts.account_id',
        'coalesce(shifts.employee_no, named.employee_no)',
    ]) }} as employee_key,
    coalesce(shifts.employee_no, named.employee_no) as employee_no,
    shifts.full_name,
    shifts.shift_no,
    shifts.shift_name,
    shifts.leave_type,
    {{ seconds_between('shifts.planned_start_at', 'shifts.planned_end_at') }} as planned_seconds,
    cast(3600 * shifts.planned_hours as bigint) as paid_seconds,
    shifts.is_rest,
    shifts.local_date,
    shifts.planned_start_at,
    shifts.planned_end_at
from shifts
left join named
    on
        named.account_id = shifts.account_id
        and named.full_name = shifts.full_name
        and named.local_date = shifts.local_date
