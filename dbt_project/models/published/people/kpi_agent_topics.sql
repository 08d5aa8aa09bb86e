with

solved as (

    select source_system, account_id, closer_id, last_solved_date, topic, team_name
    from {{ ref('fct_tickets') }}
    where in_p5 and last_solved_date is not null and closer_id is not null

),

agents as (

    select source_system, account_id, agent_id, person_key, person_name, team_name
    from {{ ref('dim_agents') }}
    where not is_bot and person_name != 'unknown'

)

-- One agent a login of an account.
select
    solved.last_solved_date as local_date,
    agents.person_key,
    agents.person_name,
    agents.team_name,
    solved.topic,
    count(*) as tickets,
    {{ build_id() }} as build_id
from solved
inner join agents
    on
        agents.source_system = solved.source_system
        and agents.account_id = solved.account_id
        and agents.agent_id = solved.closer_id
group by
    solved.last_solved_date,
    agents.person_key,
    agents.person_name,
    agents.team_name,
    solved.topic
order by solved.last_solved_date, agents.person_key, solved.topic
