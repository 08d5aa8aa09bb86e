{#- Grain: ticket, kind and stretch of local days on whose ends nobody held the ticket
    (`unassigned`) or nobody had said anything in public for a number of working days (`stale`).
    Stretches of one kind don't overlap. -#}
with

tickets as (

    select ticket_key, source_system, account_id, created_at, as_of_at
    from {{ ref('int_tickets__classified') }}
    where in_p2

),

described as (

    select ticket_key
    from {{ ref('int_tickets__unioned') }}
    where has_messages

),

owners as (

    select ticket_key, interval_no, value, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'assignee'

),

working_days as (

    select source_system, account_id, local_date, is_working, working_day_no
    from {{ ref('int_account_days__working') }}

),

parameters as (

    select cast(max(value) as integer) as quiet_days
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'stale_rate' and parameter = 'business_days' and channel = '*'

),

-- What begins on a day is in that day's snapshot, what ends on a day is not.
unassigned as (

    select
        owners.ticket_key,
        case
            when owners.interval_no = 1 then date '0001-01-01'
            else {{ local_date('owners.started_at') }}
        end as from_date,
        coalesce({{ local_date('owners.ended_at') }}, date '9999-12-31') as to_date
    from owners
    inner join tickets on tickets.ticket_key = owners.ticket_key
    where owners.value is null

),

updates as (

    select
        tickets.ticket_key,
        tickets.source_system,
        tickets.account_id,
        {{ local_date('tickets.created_at') }} as local_date
    from tickets
    inner join described on described.ticket_key = tickets.ticket_key

    union

    select
        tickets.ticket_key,
        tickets.source_system,
        tickets.account_id,
        {{ local_date('messages.sent_at') }} as local_date
    from tickets
    inner join described on described.ticket_key = tickets.ticket_key
    inner join {{ ref('int_messages__attributed') }} as messages
        on messages.ticket_key = tickets.ticket_key
    where messages.is_public and messages.sent_at <= tickets.as_of_at

),

spaced as (

    select
        *,
        coalesce(
            lead(local_date) over (partition by ticket_key order by local_date),
            date '9999-12-31'
        ) as next_date
    from updates

),

-- The working day on which the limit is reached is one row of the account's calendar.
stale as (

    select
        spaced.ticket_key,
        limit_days.local_date as from_date,
        spaced.next_date as to_date
    from spaced
    cross join parameters
    inner join working_days as update_days
        on
            update_days.source_system = spaced.source_system
            and update_days.account_id = spaced.account_id
            and update_days.local_date = spaced.local_date
    inner join working_days as limit_days
        on
            limit_days.source_system = spaced.source_system
            and limit_days.account_id = spaced.account_id
            and limit_days.is_working
            and limit_days.working_day_no = update_days.working_day_no + parameters.quiet_days
    where limit_days.local_date < spaced.next_date

)

select ticket_key, 'unassigned' as kind, from_date, to_date
from unassigned
where from_date < to_date

union all

select ticket_key, 'stale' as kind, from_date, to_date
from stale
