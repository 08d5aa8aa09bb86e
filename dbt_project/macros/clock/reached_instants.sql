{#- The clock read backwards: every row of `starts` (calendar_key, from_at, remaining_seconds,
    in_business_hours, anything else) with reached_at, the first instant at which that much time has
    passed since from_at. Without a calendar business hours are all hours, as in the helpdesk itself;
    null when the calendar ends before. -#}
{% macro reached_instants(starts) %}
with

starts as (

    select * from {{ starts }}

),

days as (

    select * from {{ ref('int_calendar_days__working') }}

),

intervals as (

    select * from {{ ref('int_calendar_intervals__utc') }}

),

-- One row a calendar and day: a start stays one row.
aimed as (

    select
        starts.*,
        {{ working_seconds('days', 'starts.from_at') }} + starts.remaining_seconds
            as working_seconds_aimed_at
    from starts
    left join days
        on
            days.calendar_key = starts.calendar_key
            and days.utc_date = cast(starts.from_at as date)

),

-- The last interval that begins before the aim; an as-of join finds at most one.
reached as (

    select
        aimed.* exclude (working_seconds_aimed_at),
        case
            when aimed.remaining_seconds <= 0 then aimed.from_at
            when not aimed.in_business_hours or aimed.calendar_key is null
                then {{ plus_seconds('aimed.from_at', 'aimed.remaining_seconds') }}
            when
                aimed.working_seconds_aimed_at
                <= intervals.working_seconds_before + intervals.working_seconds
                then {{ plus_seconds(
                    'intervals.starts_at',
                    'aimed.working_seconds_aimed_at - intervals.working_seconds_before'
                ) }}
        end as reached_at
    from aimed
    asof left join intervals
        on
            intervals.calendar_key = aimed.calendar_key
            and intervals.working_seconds_before < aimed.working_seconds_aimed_at

)

select * from reached
{%- endmacro %}
