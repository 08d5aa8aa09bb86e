-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_paid_orders') }}
-- depends_on: {{ ref('fct_handled_orders') }}
{%- set semantic_models = ['handled_orders', 'paid_orders'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
} %}

with

daily as (
    {{ kpi_branches(dimensions, semantic_models, by_agent=true) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    orders_handled,
    orders_handled_refunded,
    orders_paid,
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
