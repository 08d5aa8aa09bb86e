with

tickets as (

    select source_system, account_id, ticket_key, created_at
    from {{ ref('int_tickets__unioned') }}

),

assignments as (

    select ticket_key, event_seq, event_at, old_value, new_value
    from {{ ref('int_ticket_events__unioned') }}
    where event_type = 'calendar'

),

team_calendars as (

    select ticket_key, from_at, calendar_id
    from {{ ref('int_ticket_team_calendars') }}

),

-- Where nobody assigned one, the default that the account's helpdesk exports holds, and without a
-- default the oldest.
default_calendars as (

    select source_system, account_id, calendar_id
    from {{ ref('int_business_calendars__unioned') }}
    where not starts_with(calendar_id, 'helpmart/')
    qualify row_number() over (
        partition by source_system, account_id
        order by is_default desc, created_at asc nulls last, calendar_id asc
    ) = 1

),

first_assignments as (

    select ticket_key, old_value
    from assignments
    qualify row_number() over (partition by ticket_key order by event_seq) = 1

),

-- One default an account and one first assignment a ticket: a ticket stays one row.
initial as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key,
        tickets.created_at,
        default_calendars.calendar_id as default_calendar_id,
        coalesce(first_assignments.old_value, default_calendars.calendar_id) as calendar_id,
        first_assignments.ticket_key is not null as is_assigned_in_helpdesk
    from tickets
    left join default_calendars
        on
            default_calendars.source_system = tickets.source_system
            and default_calendars.account_id = tickets.account_id
    left join first_assignments on first_assignments.ticket_key = tickets.ticket_key

),

-- An assignment at the creation or before it holds from the beginning.
changes as (

    select
        source_system,
        account_id,
        ticket_key,
        calendar_id,
        0 as event_seq,
        timestamp '0001-01-01' as from_at
    from initial

    union all

    select
        initial.source_system,
        initial.account_id,
        initial.ticket_key,
        coalesce(assignments.new_value, initial.default_calendar_id) as calendar_id,
        assignments.event_seq,
        case
            when assignments.event_at <= initial.created_at then timestamp '0001-01-01'
            else assignments.event_at
        end as from_at
    from initial
    inner join assignments on assignments.ticket_key = initial.ticket_key

    union all

    -- A calendar that the helpdesk itself put on the ticket outranks that of the team.
    select
        initial.source_system,
        initial.account_id,
        initial.ticket_key,
        coalesce(team_calendars.calendar_id, initial.default_calendar_id) as calendar_id,
        1 as event_seq,
        team_calendars.from_at
    from initial
    inner join team_calendars on team_calendars.ticket_key = initial.ticket_key
    where not initial.is_assigned_in_helpdesk

),

-- Of several in one second the last one holds.
lasting as (

    select *
    from changes
    qualify row_number() over (partition by ticket_key, from_at order by event_seq desc) = 1

),

real_changes as (

    select *
    from lasting
    qualify
        row_number() over (partition by ticket_key order by from_at) = 1
        or calendar_id is distinct from lag(calendar_id) over (
            partition by ticket_key order by from_at
        )

),

-- A time without a calendar stays a stretch, of a calendar without hours: what runs through it is
-- of unknown length, not of less.
intervals as (

    select
        ticket_key,
        {{ hash_key(['source_system', 'account_id', "coalesce(calendar_id, '')"]) }}
            as calendar_key,
        from_at,
        coalesce(
            lead(from_at) over (partition by ticket_key order by from_at),
            timestamp '9999-12-31'
        ) as to_at,
        count(*) over (partition by ticket_key) = 1 as is_only,
        count(calendar_id) over (partition by ticket_key) > 0 as has_calendar
    from real_changes

)

select
    ticket_key,
    calendar_key,
    from_at,
    to_at,
    to_at = timestamp '9999-12-31' as is_last,
    is_only
from intervals
where has_calendar
