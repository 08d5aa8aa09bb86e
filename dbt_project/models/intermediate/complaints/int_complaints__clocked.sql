with

cases as (

    select complaint_key, source_system, account_id, ticket_key, received_at, solved_at
    from {{ ref('int_complaints__cases') }}

),

ticket_spans as (

    select ticket_key, business_seconds
    from {{ ref('int_ticket_spans__clocked') }}
    where span_type = 'full_resolution'

),

-- The calendar of the account: its default, else the oldest.
calendars as (

    select
        source_system,
        account_id,
        {{ hash_key(['source_system', 'account_id', 'calendar_id']) }} as calendar_key
    from {{ ref('int_business_calendars__unioned') }}
    qualify row_number() over (
        partition by source_system, account_id
        order by is_default desc, created_at asc nulls last, calendar_id asc
    ) = 1

),

days as (

    select *
    from {{ ref('int_calendar_days__working') }}

)

-- One calendar an account, one row a calendar and day, one span a ticket: a case stays one row. A
-- ticket has the calendars that were in force on it.
select
    cases.complaint_key,
    {{ seconds_between('cases.received_at', 'cases.solved_at') }} as handling_seconds,
    case
        when cases.ticket_key is not null then ticket_spans.business_seconds
        else
            cast(
                {{ working_seconds('to_days', 'cases.solved_at') }}
                - ({{ working_seconds('from_days', 'cases.received_at') }}) as bigint
            )
    end as handling_business_seconds
from cases
left join ticket_spans on ticket_spans.ticket_key = cases.ticket_key
left join calendars
    on
        calendars.source_system = cases.source_system
        and calendars.account_id = cases.account_id
left join days as from_days
    on
        from_days.calendar_key = calendars.calendar_key
        and from_days.utc_date = cast(cases.received_at as date)
left join days as to_days
    on
        to_days.calendar_key = calendars.calendar_key
        and to_days.utc_date = cast(cases.solved_at as date)
where cases.solved_at >= cases.received_at
