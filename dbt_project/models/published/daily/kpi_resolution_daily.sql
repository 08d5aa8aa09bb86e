-- depends_on: {{ ref('fct_episodes') }}
-- depends_on: {{ ref('fct_ticket_outcomes') }}
{%- set facts = ['episodes', 'ticket_outcomes'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'topic': 'topic',
} %}

{{ kpi_daily_table(dimensions, facts) }}
