-- depends_on: {{ ref('fct_complaints') }}
{%- set subjects = [
    'complaints',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'kind': 'kind',
    'cause': 'cause',
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
