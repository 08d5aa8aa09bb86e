-- depends_on: {{ ref('fct_calls') }}
{%- set dimensions = {
    'half_hour': 'arrived_half_hour',
    'source_system': 'source_system',
    'account_id': 'account_id',
    'queue_name': 'queue_name',
} %}

with

half_hourly as (
    {{ kpi_branches(dimensions, ['calls']) }}

)

select
    local_date,
    cast(half_hour as integer) as half_hour,
    source_system,
    account_id,
    queue_name,
    {%- for measure in kpi_additive(kpi_measures(['calls'])) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from half_hourly
order by local_date, half_hour, source_system, account_id, queue_name
