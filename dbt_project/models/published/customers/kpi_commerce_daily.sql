-- depends_on: {{ ref('fct_orders') }}
-- depends_on: {{ ref('fct_inquiries') }}
-- depends_on: {{ ref('fct_customer_months') }}
-- depends_on: {{ ref('fct_customer_cohorts') }}
-- depends_on: {{ ref('fct_customer_quarters') }}
{%- set subjects = [
    'orders',
    'inquiries',
    'customer_months',
    'customer_cohorts',
    'customer_quarters',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'wait_bucket': 'wait_bucket',
    'spending_band': 'spending_band',
    'loyalty_band': 'loyalty_band',
    'region': 'region',
} %}

{{ kpi_daily_table(dimensions, subjects) }}
