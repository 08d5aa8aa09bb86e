-- depends_on: {{ ref('fct_sla_targets') }}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'policy_name': 'policy_name',
    'metric': 'metric',
} %}

{{ kpi_daily_table(dimensions, ['sla_targets']) }}
