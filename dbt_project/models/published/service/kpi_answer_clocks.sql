{{ config(materialized='view') }}
{%- set clocks = ['calendar', 'business'] %}

{%- for clock in clocks %}
select
    turn_key,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    answered_date,
    '{{ clock }}' as clock,
    wait_{{ clock }}_seconds as wait_seconds,
    {{ build_id() }} as build_id
from {{ ref('fct_turns') }}
where in_p2 and is_answered and wait_{{ clock }}_seconds is not null
{{- "\n\nunion all\n" if not loop.last }}
{%- endfor %}
