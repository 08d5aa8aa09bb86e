-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_agent_days') }}
{%- set semantic_models = ['agent_days'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'team_name': 'team_name',
} %}

with

daily as (
    {{ kpi_branches(dimensions, semantic_models, by_agent=true) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    agent_day_tickets,
    agent_days,
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
