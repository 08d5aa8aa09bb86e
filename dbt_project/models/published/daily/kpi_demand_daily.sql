-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_ticket_responses') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_messages') }}
-- depends_on: {{ ref('fct_ticket_agents') }}
{%- set semantic_models = [
    'contact_answers',
    'messages',
    'opened_turns',
    'ticket_agents',
    'ticket_responses',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
} %}

{{ kpi_daily_table(dimensions, semantic_models, by_agent=true) }}
