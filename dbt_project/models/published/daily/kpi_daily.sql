-- depends_on: {{ ref('fct_tickets') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_sla_targets') }}
-- depends_on: {{ ref('fct_surveys') }}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
} %}

with

branches as (
    {{ kpi_branches(dimensions, by_agent=true) }}

),

-- Branches of one anchor (ratings and answers of a day, say) come together in one row.
daily as (

    select
        anchor,
        local_date,
        {%- for dimension in dimensions %}
        {{ dimension }},
        {%- endfor %}
        agent_id,
        {%- for measure in kpi_additive(kpi_measures()) if not measure.is_snapshot %}
        cast(sum({{ measure.name }}) as bigint) as {{ measure.name }}{{ "," if not loop.last }}
        {%- endfor %}
    from branches
    group by all

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    coalesce({{ hash_key(['source_system', 'account_id', 'agent_id']) }}, 'none') as agent_key,
    daily.* exclude (anchor, local_date, {{ dimensions | join(', ') }}, agent_id),
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
