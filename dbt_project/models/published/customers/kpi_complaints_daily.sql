-- depends_on: {{ ref('fct_complaints') }}
{%- set subjects = [
    'complaints',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'kind': 'kind',
    'cause': 'cause',
} %}

{{ kpi_daily_table(dimensions, subjects) }}
