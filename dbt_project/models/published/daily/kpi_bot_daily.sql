-- depends_on: {{ ref('fct_bot_sessions') }}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'bot_name': 'bot_name',
} %}

{{ kpi_daily_table(dimensions, ['bot_sessions']) }}
