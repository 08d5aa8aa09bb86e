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

with

daily as (
    {{ kpi_branches(dimensions, subjects) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    {%- for measure in kpi_additive(kpi_measures(subjects)) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
