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

-- One row a ticket in each of them.
compared as (
    {%- for measure, names in durations.items() %}
    {%- for clock in ['calendar', 'business'] %}

    select
        stated.ticket_key,
        '{{ measure }}' as measure,
        '{{ clock }}' as clock,
        stated.vendor_{{ names[0] }}_{{ clock }}_seconds as vendor_value,
        measured.{{ names[1] }}_{{ clock }}_seconds as own_value,
        measured.{{ names[1] }}_calendar_seconds
        - stated.vendor_{{ names[0] }}_calendar_seconds as calendar_difference,
        measured.{{ names[1] }}_business_last_seconds as own_last_schedule_value
    from stated
    left join measured on measured.ticket_key = stated.ticket_key

    union all
    {%- endfor %}
    {%- endfor %}
    {%- for measure, names in counts.items() %}

    select
        stated.ticket_key,
        '{{ measure }}' as measure,
        'none' as clock,
        stated.vendor_{{ names[0] }}_count as vendor_value,
        counted.{{ names[1] }} as own_value,
        cast(null as bigint) as calendar_difference,
        cast(null as bigint) as own_last_schedule_value
    from stated
    inner join counted on counted.ticket_key = stated.ticket_key
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

-- A count that is null here is of a source that does not export what we would count.
select *
from compared
where vendor_value is not null and (own_value is not null or clock != 'none')
