{%- set parts = ['exam', 'knowledge', 'accuracy', 'proficiency'] %}
with

newest as (

    select max(period_start) as month_start
    from {{ ref('kpi_values') }}
    where kpi_id = 'agent_proficiency' and period_type = 'month' and is_latest

),

agents as (

    select source_system, account_id, agent_id, person_key, person_name, team_name
    from {{ ref('dim_agents') }}
    where not is_bot and person_name != 'unknown'

),

-- One agent a login of an account; a person with several has their mean.
months as (

    select
        {%- for part in parts %}
        {{ exact_mean('proficiency.' ~ part ~ '_score') }} as {{ part }}_score,
        {%- endfor %}
        agents.person_key,
        agents.person_name,
        agents.team_name,
        proficiency.month_date as month_start
    from {{ ref('fct_agent_proficiency_months') }} as proficiency
    inner join newest on newest.month_start = proficiency.month_date
    inner join agents
        on
            agents.source_system = proficiency.source_system
            and agents.account_id = proficiency.account_id
            and agents.agent_id = proficiency.agent_id
    group by agents.person_key, agents.person_name, agents.team_name, proficiency.month_date

),

scores as (
    {% for part in parts %}
    select
        person_key,
        person_name,
        team_name,
        month_start,
        '{{ part }}' as part,
        {{ loop.index }} as part_no,
        {{ part }}_score as score
    from months
    where {{ part }}_score is not null
    {{- "\n\n    union all\n" if not loop.last }}
    {%- endfor %}

),

limits as (

    select {{ kpi_parameter('weighted_score', 'smallest_team') }} as smallest_team

),

-- Of few, each would know the others.
teams as (

    select scores.team_name, scores.part, median(scores.score) as team_median
    from scores
    cross join limits
    group by scores.team_name, scores.part
    having count(*) >= max(limits.smallest_team)

)

select
    scores.person_key,
    scores.person_name,
    scores.team_name,
    scores.month_start,
    scores.part,
    cast(scores.part_no as integer) as part_no,
    scores.score,
    teams.team_median,
    {{ build_id() }} as build_id
from scores
left join teams
    on
        teams.team_name = scores.team_name
        and teams.part = scores.part
order by scores.team_name, scores.person_key, scores.part_no
