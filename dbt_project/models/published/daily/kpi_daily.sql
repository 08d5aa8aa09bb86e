-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_tickets') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_sla_targets') }}
-- depends_on: {{ ref('fct_surveys') }}
{%- set facts = ['tickets', 'turns', 'contacts', 'sla_targets', 'surveys'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
} %}

{{ kpi_daily_table(dimensions, facts, by_agent=true) }}
