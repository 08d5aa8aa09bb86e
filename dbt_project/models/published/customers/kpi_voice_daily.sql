-- depends_on: {{ ref('fct_surveys') }}
-- depends_on: {{ ref('fct_customer_voice_months') }}
-- depends_on: {{ ref('fct_survey_offers') }}
-- depends_on: {{ ref('fct_issues') }}
-- depends_on: {{ ref('fct_mentions') }}
-- depends_on: {{ ref('fct_review_days') }}
{%- set subjects = [
    'answers',
    'customer_voice_months',
    'survey_offers',
    'issues',
    'mentions',
    'review_days',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'platform': 'platform',
} %}

{{ kpi_daily_table(dimensions, subjects) }}
