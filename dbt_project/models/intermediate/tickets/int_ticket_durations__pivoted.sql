{{ config(materialized='view') }}

{%- set single_spans = ['first_response', 'first_resolution', 'full_resolution'] -%}
{%- set states = ['new_status', 'open_status', 'pending_status', 'hold_status'] -%}
{%- set state_times = {
    'requester_wait': ['new_status', 'open_status', 'hold_status'],
    'agent_work': ['new_status', 'open_status'],
    'agent_wait': ['pending_status'],
    'on_hold': ['hold_status'],
    'new_status': ['new_status'],
    'open_status': ['open_status'],
} -%}
{%- set clocks = ['calendar', 'business', 'business_last'] %}

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

-- A state that was never entered lasted 0 s. Without a status history its time is unknown, without
-- a calendar its business time.
pivoted as (

    select
        ticket_key,
        not bool_or(span_type = 'unknown_status') as has_history,
        count(*) = count(business_seconds) and not bool_or(span_type = 'unknown_status')
            as has_clocked_history,
        {%- for span in single_spans %}
        {%- for clock in clocks %}
        max({{ clock }}_seconds) filter (where span_type = '{{ span }}')
            as {{ span }}_{{ clock }}_seconds,
        {%- endfor %}
        {%- endfor %}
        {%- for state in states %}
        {%- for clock in clocks %}
        sum({{ clock }}_seconds) filter (where span_type = '{{ state }}')
            as {{ state }}_{{ clock }}_seconds,
        {%- endfor %}
        {%- endfor %}
        count(*) as span_count
    from spans
    group by ticket_key

)

select
    ticket_key,
    {%- for span in single_spans %}
    {%- for clock in clocks %}
    {{ span }}_{{ clock }}_seconds,
    {%- endfor %}
    {%- endfor %}
    {%- for name, parts in state_times.items() %}
    {%- for clock in clocks %}
    {%- set known = 'has_history' if clock == 'calendar' else 'has_clocked_history' %}
    {%- set terms = 'coalesce(' ~ parts | join('_' ~ clock ~ '_seconds, 0) + coalesce(')
        ~ '_' ~ clock ~ '_seconds, 0)' %}
    cast(case when {{ known }} then {{ terms }} end as bigint) as {{ name }}_{{ clock }}_seconds,
    {%- endfor %}
    {%- endfor %}
    span_count
from pivoted
