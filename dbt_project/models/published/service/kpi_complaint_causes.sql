{%- set complaints %}
    select cause as member, received_date as local_date, complaint_count as amount
    from {{ ref('fct_complaint_causes') }}
{%- endset %}

{{ kpi_running_shares(complaints, 'cause', 'complaints') }}
