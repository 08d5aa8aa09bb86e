{#- Grain: agent, ticket and instant at which the agent did something to it, on tickets that are no
    sessions. `worked_seconds` is the time since the agent's touch before, if that was near. -#}
with

tickets as (

    select tickets.source_system, tickets.account_id, tickets.ticket_key
    from {{ ref('int_tickets__classified') }} as tickets
    inner join {{ ref('channels') }} as channels on channels.channel = tickets.channel
    where not channels.is_session and tickets.in_p2

),

agents as (

    select source_system, account_id, agent_id
    from {{ ref('int_agents__unioned') }}
    where not is_bot

),

threshold as (

    select {{ limit_of('handling_time', '*') }} as seconds
    from {{ ref('kpi_thresholds') }}

),

actions as (

    select ticket_key, author_id as agent_id, sent_at as touched_at
    from {{ ref('int_messages__attributed') }}
    where author_type = 'agent'

    union

    -- What was derived from stamps names nobody who acted.
    select ticket_key, actor_id as agent_id, event_at as touched_at
    from {{ ref('int_ticket_events__unioned') }}
    where
        actor_id is not null
        and not is_derived
        and event_type in ('status', 'assignee', 'team', 'priority')

),

-- A ticket is one row, an agent one of its account: an action stays one row.
touches as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key,
        agents.agent_id,
        actions.touched_at,
        {{ seconds_between(
            'lag(actions.touched_at) over by_agent',
            'actions.touched_at',
        ) }} as seconds_since_last
    from actions
    inner join tickets on tickets.ticket_key = actions.ticket_key
    inner join agents
        on
            agents.source_system = tickets.source_system
            and agents.account_id = tickets.account_id
            and agents.agent_id = actions.agent_id
    window
        by_agent as (
            partition by tickets.ticket_key, agents.agent_id order by actions.touched_at
        )

)

select
    touches.source_system,
    touches.account_id,
    touches.ticket_key,
    touches.agent_id,
    case when touches.seconds_since_last <= threshold.seconds then touches.seconds_since_last end
        as worked_seconds,
    touches.touched_at
from touches
cross join threshold
