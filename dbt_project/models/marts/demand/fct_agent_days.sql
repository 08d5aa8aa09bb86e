with

actions as (

    select
        person_key,
        agent_key,
        ticket_key,
        action,
        action_date
    from {{ ref('int_agent_actions') }}

),

shift_days as (

    select
        person_key,
        local_date,
        shift_count,
        planned_seconds,
        worked_seconds
    from {{ ref('int_person_shift_days') }}

),

desks as (

    select distinct source_system, account_id
    from {{ ref('int_tickets__unioned') }}

),

teams as (

    select source_system, account_id, team_id, team_name
    from {{ ref('int_teams__unioned') }}

),

-- One team and one desk an agent.
agents as (

    select
        persons.person_key,
        persons.agent_key,
        persons.agent_id,
        persons.source_system,
        persons.account_id,
        coalesce(teams.team_name, 'unknown') as team_name,
        desks.account_id is not null as is_of_desk
    from {{ ref('int_agents__persons') }} as persons
    inner join {{ ref('int_agents__unioned') }} as agents
        on agents.agent_key = persons.agent_key
    left join teams
        on
            teams.source_system = agents.source_system
            and teams.account_id = agents.account_id
            and teams.team_id = agents.team_id
    left join desks
        on
            desks.source_system = persons.source_system
            and desks.account_id = persons.account_id
    where not persons.is_bot

),

action_days as (

    select
        person_key,
        action_date,
        count(distinct ticket_key) filter (where action in ('reply', 'solve')) as worked_count,
        count(distinct ticket_key) filter (where action = 'reply') as replied_count,
        count(distinct ticket_key) filter (where action = 'solve') as solved_count,
        count(*) filter (where action = 'last_solve') as closed_count,
        count(*) filter (where action = 'reply') as reply_count
    from actions
    group by person_key, action_date

),

-- Between the first and the last row of the sheet the roster speaks for the person.
rostered as (

    select
        person_key,
        min(local_date) as first_date,
        max(local_date) as last_date
    from shift_days
    group by person_key

),

person_days as (

    select person_key, action_date as work_date
    from action_days

    union distinct

    select person_key, local_date as work_date
    from shift_days

),

-- A person with several logins is shown as the one who did most that day, else as an agent of a
-- desk, so that a person's day is one row.
agent_actions as (

    select
        person_key,
        agent_key,
        action_date,
        count(*) as action_count
    from actions
    group by person_key, agent_key, action_date

),

shown as (

    select
        person_days.person_key,
        person_days.work_date,
        agents.agent_key,
        agents.agent_id,
        agents.source_system,
        agents.account_id,
        agents.team_name,
        max(agents.is_of_desk) over (
            partition by person_days.person_key, person_days.work_date
        ) as is_desk_agent
    from person_days
    inner join agents on agents.person_key = person_days.person_key
    left join agent_actions
        on
            agent_actions.agent_key = agents.agent_key
            and agent_actions.action_date = person_days.work_date
    qualify row_number() over (
        partition by person_days.person_key, person_days.work_date
        order by
            coalesce(agent_actions.action_count, 0) desc,
            agents.is_of_desk desc,
            agents.source_system = 'workforce' asc,
            agents.agent_key asc
    ) = 1

)

-- Actions, shifts and roster have at most one row a person and day.
select
    {{ hash_key(['shown.person_key', 'cast(shown.work_date as text)']) }} as agent_day_key,
    shown.person_key,
    shown.agent_key,
    shown.agent_id,
    shown.source_system,
    shown.account_id,
    shown.team_name,
    coalesce(action_days.worked_count, 0) as tickets_worked_count,
    coalesce(action_days.replied_count, 0) as tickets_replied_count,
    coalesce(action_days.solved_count, 0) as tickets_solved_count,
    coalesce(action_days.closed_count, 0) as tickets_closed_count,
    coalesce(action_days.reply_count, 0) as reply_count,
    coalesce(shift_days.planned_seconds, 0) as planned_seconds,
    coalesce(shift_days.worked_seconds, 0) as worked_seconds,
    shown.is_desk_agent,
    coalesce(shift_days.shift_count, 0) > 0 as has_shift,
    coalesce(action_days.worked_count, 0) > 0 as has_action,
    coalesce(shown.work_date between rostered.first_date and rostered.last_date, false)
        as is_rostered,
    shown.is_desk_agent
    and case
        when shown.work_date between rostered.first_date and rostered.last_date
            then coalesce(shift_days.shift_count, 0) > 0
        else coalesce(action_days.worked_count, 0) > 0
    end as is_agent_day,
    shown.work_date
from shown
left join action_days
    on
        action_days.person_key = shown.person_key
        and action_days.action_date = shown.work_date
left join shift_days
    on
        shift_days.person_key = shown.person_key
        and shift_days.local_date = shown.work_date
left join rostered on rostered.person_key = shown.person_key
order by shown.work_date, shown.person_key
