-- depends_on: {{ ref('fct_episodes') }}
-- depends_on: {{ ref('fct_ticket_outcomes') }}
{%- set facts = ['episodes', 'ticket_outcomes'] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'topic': 'topic',
} %}

with

daily as (
    {{ kpi_branches(dimensions, facts) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    {%- for measure in kpi_additive(kpi_measures(facts)) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
