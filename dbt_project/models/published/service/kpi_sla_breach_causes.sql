{%- set breaches %}
    select
        team_name, shop, channel, priority, policy_name, breach_cause as member, local_date, 1 as amount
    from {{ ref('kpi_sla_breaches') }}
{%- endset %}

{{ kpi_ranked_members(
    breaches, 'breach_cause', 'breaches',
    ['team_name', 'shop', 'channel', 'priority', 'policy_name']
) }}
