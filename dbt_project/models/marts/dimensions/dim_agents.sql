with

agents as (

    select
        source_system,
        account_id,
        agent_key,
        agent_id,
        agent_name,
        team_id,
        role,
        is_bot,
        is_active,
        is_listed
    from {{ ref('int_agents__unioned') }}

),

persons as (

    select agent_key, person_key, person_name
    from {{ ref('int_agents__persons') }}

),

teams as (

    select source_system, account_id, team_id, team_name
    from {{ ref('int_teams__unioned') }}

),

unknown as (

    select
        source_system,
        account_id,
        {{ hash_key(['source_system', 'account_id', "'unknown'"]) }} as agent_key,
        'unknown' as agent_id,
        'unknown' as agent_name,
        cast(null as text) as team_id,
        'unknown' as role,
        false as is_bot,
        false as is_active,
        false as is_listed
    from {{ ref('int_accounts__as_of') }}

),

members as (

    select *
    from agents

    union all

    select *
    from unknown

)

-- One person and at most one team an agent; nobody is behind the member unknown but itself.
select
    members.agent_key,
    coalesce(persons.person_key, members.agent_key) as person_key,
    members.agent_id,
    members.source_system,
    members.account_id,
    members.agent_name,
    coalesce(persons.person_name, members.agent_name) as person_name,
    coalesce(members.team_id, 'unknown') as team_id,
    coalesce(teams.team_name, 'unknown') as team_name,
    members.role,
    members.is_bot,
    members.is_active,
    members.is_listed
from members
left join persons
    on persons.agent_key = members.agent_key
left join teams
    on
        teams.source_system = members.source_system
        and teams.account_id = members.account_id
        and teams.team_id = members.team_id
order by members.source_system, members.account_id, members.agent_id
