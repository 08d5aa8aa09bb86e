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

{{ kpi_daily_table(dimensions, facts, by_agent=true) }}
