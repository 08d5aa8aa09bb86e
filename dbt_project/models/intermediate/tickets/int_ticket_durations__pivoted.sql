{{ config(materialized='view') }}

{%- set single_spans = ['first_response', 'first_resolution', 'full_resolution'] -%}
{%- set state_spans = {
    'requester_wait': ['new_status', 'open_status', 'hold_status'],
    'agent_work': ['new_status', 'open_status'],
    'agent_wait': ['pending_status'],
    'on_hold': ['hold_status'],
    'new_status': ['new_status'],
    'open_status': ['open_status'],
} -%}
{%- set clocks = ['calendar', 'business', 'business_last'] -%}

with

spans as (

    select
        ticket_key,
        span_type,
        calendar_seconds,
        business_seconds,
        business_last_seconds
    from {{ ref('int_ticket_spans__clocked') }}

),

pivoted as (

    select
        ticket_key,
        count(*) = count(business_seconds) as has_calendar,
        not bool_or(span_type = 'unknown_status') as has_history,
        {%- for name in single_spans %}
        {%- for clock in clocks %}
        max({{ clock }}_seconds) filter (where span_type = '{{ name }}')
            as {{ name }}_{{ clock }}_seconds,
        {%- endfor %}
        {%- endfor %}
        {%- for name, types in state_spans.items() %}
        {%- for clock in clocks %}
        sum({{ clock }}_seconds) filter (where span_type in ('{{ types | join("', '") }}'))
            as {{ name }}_{{ clock }}_seconds{{ '' if loop.last and name == 'open_status' else ',' }}
        {%- endfor %}
        {%- endfor %}
    from spans
    group by ticket_key

)

-- A state that was never entered lasted 0 s. Without a status history its time is unknown, without
-- a calendar its business time.
select
    ticket_key,
    {%- for name in single_spans %}
    {%- for clock in clocks %}
    {{ name }}_{{ clock }}_seconds,
    {%- endfor %}
    {%- endfor %}
    {%- for name in state_spans %}
    {%- set is_last = loop.last %}
    cast(case when has_history then coalesce({{ name }}_calendar_seconds, 0) end as bigint)
        as {{ name }}_calendar_seconds,
    {%- for clock in ['business', 'business_last'] %}
    cast(
        case when has_history and has_calendar then coalesce({{ name }}_{{ clock }}_seconds, 0) end
        as bigint
    ) as {{ name }}_{{ clock }}_seconds{{ '' if is_last and loop.last else ',' }}
    {%- endfor %}
    {%- endfor %}
from pivoted
