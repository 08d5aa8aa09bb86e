{%- set breaches %}
    select breach_cause as member, local_date, 1 as amount
    from {{ ref('kpi_sla_breaches') }}
{%- endset %}

{{ kpi_running_shares(breaches, 'breach_cause', 'breaches') }}
