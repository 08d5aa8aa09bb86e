-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_paid_orders') }}
-- depends_on: {{ ref('fct_handled_orders') }}
{%- set semantic_models = ['handled_orders', 'paid_orders'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
} %}

{{ kpi_daily_table(dimensions, semantic_models, by_agent=true) }}
