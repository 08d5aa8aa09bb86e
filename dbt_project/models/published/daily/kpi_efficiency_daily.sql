-- depends_on: {{ ref('fct_handling') }}
-- depends_on: {{ ref('fct_session_hours') }}
-- depends_on: {{ ref('fct_shifts') }}
-- depends_on: {{ ref('fct_presence_days') }}
{%- set facts = ['handling', 'session_hours', 'shifts', 'presence_days'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'team_name': 'team_name',
} %}

with

daily as (
    {{ kpi_branches(dimensions, facts, by_agent=true) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    {%- for measure in kpi_additive(kpi_measures(facts)) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
