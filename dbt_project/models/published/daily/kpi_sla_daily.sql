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

with

daily as (
    {{ kpi_branches(dimensions, ['sla_targets']) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    sla_targets_decided,
    sla_targets_achieved,
    sla_breaches,
    sla_breach_excess_seconds,
    sla_targets_completed,
    sla_targets_completed_in_time,
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
