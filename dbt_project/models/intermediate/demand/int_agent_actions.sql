with

messages as (

    select
        source_system,
        account_id,
        ticket_key,
        author_id as agent_id,
        sent_at as acted_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply

),

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        closer_id,
        last_solved_at,
        in_p2,
        in_p5
    from {{ ref('int_tickets__classified') }}

),

solves as (

    select
        ticket_key,
        actor_id,
        actor_type,
        started_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_solve

),

-- Where the helpdesk does not say who solved, the last solve is the closer's.
actions as (

    select
        messages.source_system,
        messages.account_id,
        messages.agent_id,
        messages.ticket_key,
        'reply' as action,
        messages.acted_at
    from messages

    union all

    select
        tickets.source_system,
        tickets.account_id,
        case when solves.actor_type = 'agent' then solves.actor_id else tickets.closer_id end
            as agent_id,
        tickets.ticket_key,
        'solve' as action,
        solves.started_at as acted_at
    from solves
    inner join tickets on tickets.ticket_key = solves.ticket_key
    where
        solves.actor_type = 'agent'
        or (solves.actor_type = 'unknown' and solves.started_at = tickets.last_solved_at)

    union all

    select
        source_system,
        account_id,
        closer_id as agent_id,
        ticket_key,
        'last_solve' as action,
        last_solved_at as acted_at
    from tickets
    where in_p5 and last_solved_at is not null

),

persons as (

    select source_system, account_id, agent_id, agent_key, person_key
    from {{ ref('int_agents__persons') }}
    where not is_bot

)

-- One ticket and one person an action; a closer whom nobody knows is nobody's work.
select
    persons.person_key,
    persons.agent_key,
    actions.ticket_key,
    actions.action,
    {{ local_date('actions.acted_at') }} as action_date,
    actions.acted_at
from actions
inner join tickets on tickets.ticket_key = actions.ticket_key
inner join persons
    on
        persons.source_system = actions.source_system
        and persons.account_id = actions.account_id
        and persons.agent_id = actions.agent_id
where tickets.in_p2
