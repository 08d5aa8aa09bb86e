-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_agent_days') }}
{%- set semantic_models = ['agent_days'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'team_name': 'team_name',
} %}

{{ kpi_daily_table(dimensions, semantic_models, by_agent=true) }}
