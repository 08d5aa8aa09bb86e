-- Two facts may share an anchor: their rows of a day and unit are one.
-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_message_sentiments') }}
-- depends_on: {{ ref('fct_ticket_sentiments') }}
-- depends_on: {{ ref('fct_auto_qa_reviews') }}
-- depends_on: {{ ref('fct_phrase_checks') }}
-- depends_on: {{ ref('fct_contact_needs') }}
-- depends_on: {{ ref('fct_cx_scores') }}
{%- set facts = [
    'message_sentiments',
    'ticket_sentiments',
    'auto_qa_reviews',
    'phrase_checks',
    'contact_needs',
    'cx_scores',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'topic': 'topic',
} %}

{{ kpi_daily_table(dimensions, facts, by_agent=true, one_anchor=true) }}
