{{ config(materialized='view') }}

{%- set durations = {
    'first_response_time': ['first_reply', 'first_response'],
    'first_resolution_time': ['first_resolution', 'first_resolution'],
    'full_resolution_time': ['full_resolution', 'full_resolution'],
    'agent_wait_time': ['agent_wait', 'agent_wait'],
    'requester_wait_time': ['requester_wait', 'requester_wait'],
    'on_hold_time': ['on_hold', 'on_hold'],
} -%}
{%- set counts = {
    'reopen_count': ['reopen', 'reopen_count'],
    'public_agent_reply_count': ['reply', 'public_agent_reply_count'],
    'group_station_count': ['group_station', 'group_station_count'],
    'assignee_station_count': ['assignee_station', 'assignee_station_count'],
} -%}

with

stated as (

    select *
    from {{ ref('int_tickets__unioned') }}

),

measured as (

    select *
    from {{ ref('int_ticket_durations__pivoted') }}

),

counted as (

    select *
    from {{ ref('int_tickets__classified') }}

),

-- One row a ticket in each of them. They are joined once: a join for each measure would hold every
-- ticket in memory as many times.
tickets as (

    select
        {%- for vendor, own in durations.values() %}
        stated.vendor_{{ vendor }}_calendar_seconds,
        stated.vendor_{{ vendor }}_business_seconds,
        measured.{{ own }}_calendar_seconds,
        measured.{{ own }}_business_seconds,
        measured.{{ own }}_business_last_seconds,
        {%- endfor %}
        {%- for vendor, own in counts.values() %}
        stated.vendor_{{ vendor }}_count,
        counted.{{ own }} as own_{{ own }},
        {%- endfor %}
        stated.ticket_key
    from stated
    left join measured on measured.ticket_key = stated.ticket_key
    left join counted on counted.ticket_key = stated.ticket_key

),

compared as (

    select
        ticket_key,
        unnest([
            {%- for measure, names in durations.items() %}
            {%- for clock in ['calendar', 'business'] %}
            {
                'measure': '{{ measure }}',
                'clock': '{{ clock }}',
                'vendor_value': vendor_{{ names[0] }}_{{ clock }}_seconds,
                'own_value': {{ names[1] }}_{{ clock }}_seconds,
                'calendar_difference':
                {{ names[1] }}_calendar_seconds - vendor_{{ names[0] }}_calendar_seconds,
                'own_last_schedule_value': {{ names[1] }}_business_last_seconds
            },
            {%- endfor %}
            {%- endfor %}
            {%- for measure, names in counts.items() %}
            {
                'measure': '{{ measure }}',
                'clock': 'none',
                'vendor_value': vendor_{{ names[0] }}_count,
                'own_value': own_{{ names[1] }},
                'calendar_difference': cast(null as bigint),
                'own_last_schedule_value': cast(null as bigint)
            }{{ "," if not loop.last }}
            {%- endfor %}
        ], recursive := true)
    from tickets

)

-- A count that is null here is of a source that does not export what we would count.
select *
from compared
where vendor_value is not null and (own_value is not null or clock != 'none')
