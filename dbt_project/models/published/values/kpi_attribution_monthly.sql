-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_tickets') }}
-- depends_on: {{ ref('fct_surveys') }}
-- depends_on: {{ ref('fct_ticket_credits') }}
{%- set credited = {
    'tickets_solved': 'solved',
    'full_resolution_time': 'solved',
    'first_response_time': 'first_response',
    'reopen_rate': 'first_solved',
    'csat_score': 'rated',
} %}

with

credited as (
    {%- for kpi_id, event in credited.items() %}
    {{ kpi_attributed(kpi_id, event) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}

),

agents as (

    select source_system, account_id, agent_id, agent_key, person_key, person_name
    from {{ ref('dim_agents') }}

)

-- One row an agent; whom no export lists is nobody's login.
select
    credited.kpi_id,
    credited.month_start,
    credited.mode,
    credited.source_system,
    credited.account_id,
    credited.agent_id,
    coalesce(agents.person_key, {{ hash_key([
        'credited.source_system', 'credited.account_id', 'credited.agent_id'
    ]) }}) as person_key,
    coalesce(agents.person_name, 'unknown') as person_name,
    credited.numerator,
    credited.denominator,
    case
        when credited.denominator is null then credited.numerator
        else credited.numerator / nullif(credited.denominator, 0)
    end as value,
    {{ build_id() }} as build_id
from credited
left join agents
    on
        agents.source_system = credited.source_system
        and agents.account_id = credited.account_id
        and agents.agent_id = credited.agent_id
order by
    credited.kpi_id,
    credited.month_start,
    credited.mode,
    credited.source_system,
    credited.account_id,
    credited.agent_id
