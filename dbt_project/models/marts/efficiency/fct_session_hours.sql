with

hours as (

    select *
    from {{ ref('int_session_hours') }}

),

agents as (

    select
        agents.source_system,
        agents.account_id,
        agents.agent_id,
        coalesce(nullif(agents.team_name, 'unknown'), people.team_name) as team_name
    from {{ ref('dim_agents') }} as agents
    inner join {{ ref('dim_people') }} as people on people.person_key = agents.person_key

)

-- An agent is one row in its account and one person.
select
    {{ hash_key([
        'hours.source_system',
        'hours.account_id',
        'hours.agent_id',
        'cast(hours.hour_at as text)',
    ]) }} as session_hour_key,
    hours.source_system,
    hours.account_id,
    hours.agent_id,
    agents.team_name,
    {{ local_hour('hours.hour_at') }} as local_hour,
    hours.session_seconds,
    hours.busy_seconds,
    {{ local_date('hours.hour_at') }} as local_date,
    hours.hour_at
from hours
inner join agents
    on
        agents.source_system = hours.source_system
        and agents.account_id = hours.account_id
        and agents.agent_id = hours.agent_id
order by hours.hour_at, hours.source_system, hours.account_id, hours.agent_id
