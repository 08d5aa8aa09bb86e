{%- set clocks = {
    'first_reply': 'reply_time_in_minutes',
    'first_resolution': 'first_resolution_time_in_minutes',
    'full_resolution': 'full_resolution_time_in_minutes',
    'agent_wait': 'agent_wait_time_in_minutes',
    'requester_wait': 'requester_wait_time_in_minutes',
    'on_hold': 'on_hold_time_in_minutes',
} -%}

with

source as (

    {{ newest_versions(source('zendesk', 'ticket_metrics'), ['ticket_id'], [
        'ticket_id',
        'group_stations',
        'assignee_stations',
        'reopens',
        'replies',
        'initially_assigned_at',
        'solved_at',
    ] + clocks.values() | list) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    ticket_id,
    cast(group_stations as integer) as vendor_group_station_count,
    cast(assignee_stations as integer) as vendor_assignee_station_count,
    cast(reopens as integer) as vendor_reopen_count,
    cast(replies as integer) as vendor_reply_count,
    {%- for name, column in clocks.items() %}
    60 * cast({{ json_text(column, '$.calendar') }} as bigint)
        as vendor_{{ name }}_calendar_seconds,
    60 * cast({{ json_text(column, '$.business') }} as bigint)
        as vendor_{{ name }}_business_seconds,
    {%- endfor %}
    {{ utc_timestamp('initially_assigned_at') }} as vendor_first_assigned_at,
    {{ utc_timestamp('solved_at') }} as vendor_solved_at
from source
