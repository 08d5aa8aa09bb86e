{%- set complaints %}
    select team_name, shop, channel, kind, cause as member, received_date as local_date, 1 as amount
    from {{ ref('fct_complaints') }}
{%- endset %}

{{ kpi_ranked_members(
    complaints, 'cause', 'complaints', ['team_name', 'shop', 'channel', 'kind']
) }}
