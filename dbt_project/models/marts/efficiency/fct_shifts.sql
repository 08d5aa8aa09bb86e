with

shifts as (

    select
        *,
        row_number() over (
            partition by employee_key, local_date
            order by is_rest, planned_start_at, shift_no, full_name
        ) as day_shift_no,
        sum(paid_seconds) over (partition by employee_key, local_date) as day_paid_seconds
    from {{ ref('int_shifts__unioned') }}

),

-- What lies ahead of all data is a plan.
as_of as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}

),

roster as (

    select employee_key, team_name, valid_from, valid_to
    from {{ ref('int_roster__versioned') }}

),

work_days as (

    select *
    from {{ ref('int_employee_work_days') }}

),

-- What an employee's systems can show at all.
shown as (

    select employee_key, bool_or(login_seconds is not null) as has_presence
    from work_days
    group by employee_key

),

ticket_systems as (

    select distinct source_system, account_id
    from {{ ref('int_tickets__unioned') }}

),

ticket_staff as (

    select distinct logins.employee_key
    from {{ ref('int_agent_logins__unioned') }} as logins
    inner join ticket_systems
        on
            ticket_systems.source_system = logins.login_system
            and ticket_systems.account_id = logins.login_account_id

),

-- An employee has one row of the roster on a day and one row in each of the others.
joined as (

    select
        shifts.*,
        coalesce(roster.team_name, 'unknown') as team_name,
        not shifts.is_rest
        and shifts.paid_seconds is not null
        and shifts.local_date <= as_of.as_of_date as is_worked,
        shown.employee_key is not null as has_work_log,
        coalesce(shown.has_presence, false) as has_presence_log,
        ticket_staff.employee_key is not null as is_ticket_staff,
        coalesce(work_days.productive_seconds, 0) as day_productive_seconds,
        coalesce(work_days.login_seconds, 0) as day_login_seconds
    from shifts
    cross join as_of
    left join roster
        on
            roster.employee_key = shifts.employee_key
            and roster.valid_from <= shifts.local_date
            and roster.valid_to > shifts.local_date
    left join shown on shown.employee_key = shifts.employee_key
    left join ticket_staff on ticket_staff.employee_key = shifts.employee_key
    left join work_days
        on
            work_days.employee_key = shifts.employee_key
            and work_days.local_date = shifts.local_date
            and shifts.day_shift_no = 1

)

select
    {{ hash_key([
        'source_system',
        'account_id',
        'full_name',
        'cast(local_date as text)',
        'cast(shift_no as text)',
    ]) }} as shift_key,
    source_system,
    account_id,
    coalesce(employee_no, 'unknown') as agent_id,
    team_name,
    coalesce(shift_name, 'unknown') as shift_name,
    coalesce(leave_type, 'none') as leave_type,
    shift_no,
    planned_seconds,
    paid_seconds,
    case when is_worked and has_work_log then cast(day_productive_seconds as bigint) end
        as productive_seconds,
    -- The day's time logged in stands with its first shift.
    case
        when is_worked and has_presence_log and day_shift_no = 1
            then cast(least(day_login_seconds, day_paid_seconds) as bigint)
        when is_worked and has_presence_log then 0
    end as adherent_seconds,
    is_rest,
    is_worked,
    has_work_log,
    has_presence_log,
    is_ticket_staff,
    local_date as shift_date,
    planned_start_at,
    planned_end_at
from joined
order by local_date, source_system, account_id, full_name, shift_no
