-- depends_on: {{ ref('fct_bot_sessions') }}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'bot_name': 'bot_name',
} %}

with

daily as (
    {{ kpi_branches(dimensions, ['bot_sessions']) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    {%- for measure in kpi_additive(kpi_measures(['bot_sessions'])) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
