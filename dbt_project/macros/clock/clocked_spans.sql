{#- The one clock of the warehouse: every row of `spans` (ticket_key, further key columns `keys`,
    from_at, to_at, anything else) with
      calendar_seconds       elapsed
      business_seconds       inside the calendar in force at each instant
      business_last_seconds  inside the ticket's last calendar throughout
    A ticket without a calendar, or with one whose hours were never exported, has null business
    seconds. Nearly all tickets keep one calendar, so only the others pay for being cut up. -#}
{% macro clocked_spans(spans, keys) %}
{%- set span_keys = ['ticket_key'] + keys -%}
with

spans as (

    select * from {{ spans }}

),

ticket_calendars as (

    select * from {{ ref('int_ticket_calendars__intervals') }}

),

days as (

    select * from {{ ref('int_calendar_days__working') }}

),

-- A ticket has at most one last calendar, a calendar one row a day: no row is multiplied.
in_last_calendar as (

    select
        spans.*,
        ticket_calendars.is_only,
        {{ working_seconds('to_days', 'spans.to_at') }}
        - ({{ working_seconds('from_days', 'spans.from_at') }}) as business_last_seconds
    from spans
    left join ticket_calendars
        on
            ticket_calendars.ticket_key = spans.ticket_key
            and ticket_calendars.is_last
    left join days as from_days
        on
            from_days.calendar_key = ticket_calendars.calendar_key
            and from_days.utc_date = cast(spans.from_at as date)
    left join days as to_days
        on
            to_days.calendar_key = ticket_calendars.calendar_key
            and to_days.utc_date = cast(spans.to_at as date)

),

-- The calendars of a ticket cover all time without overlap: pieces cover a span exactly once.
pieces as (

    select
        {% for key in span_keys -%}
        spans.{{ key }},
        {% endfor -%}
        ticket_calendars.calendar_key,
        greatest(spans.from_at, ticket_calendars.from_at) as from_at,
        least(spans.to_at, ticket_calendars.to_at) as to_at
    from spans
    inner join ticket_calendars
        on
            ticket_calendars.ticket_key = spans.ticket_key
            and not ticket_calendars.is_only
    where
        -- least() would skip an open end and clock up to the change of calendar.
        spans.to_at is not null
        and {{ overlaps('spans', 'ticket_calendars') }}

),

clocked_pieces as (

    select
        pieces.*,
        {{ working_seconds('to_days', 'pieces.to_at') }}
        - ({{ working_seconds('from_days', 'pieces.from_at') }}) as business_seconds
    from pieces
    left join days as from_days
        on
            from_days.calendar_key = pieces.calendar_key
            and from_days.utc_date = cast(pieces.from_at as date)
    left join days as to_days
        on
            to_days.calendar_key = pieces.calendar_key
            and to_days.utc_date = cast(pieces.to_at as date)

),

-- A sum skips nulls, but a piece of unknown length makes the whole unknown.
in_force as (

    select
        {{ span_keys | join(', ') }},
        case when count(*) = count(business_seconds) then sum(business_seconds) end
            as business_seconds
    from clocked_pieces
    group by {{ span_keys | join(', ') }}

),

clocked as (

    select
        in_last_calendar.* exclude (is_only, business_last_seconds),
        {{ seconds_between('in_last_calendar.from_at', 'in_last_calendar.to_at') }}
            as calendar_seconds,
        cast(
            case
                when in_last_calendar.is_only then in_last_calendar.business_last_seconds
                else in_force.business_seconds
            end as bigint
        ) as business_seconds,
        cast(in_last_calendar.business_last_seconds as bigint) as business_last_seconds
    from in_last_calendar
    left join in_force
        on
            {%- for key in span_keys %}
            {% if not loop.first %}and {% endif -%}
            in_force.{{ key }} = in_last_calendar.{{ key }}
            {%- endfor %}

)

select * from clocked
{%- endmacro %}
