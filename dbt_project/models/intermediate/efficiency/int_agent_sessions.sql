{#- Grain: stretch of a session ticket that was open and with one agent. -#}
with

tickets as (

    select tickets.source_system, tickets.account_id, tickets.ticket_key, tickets.as_of_at
    from {{ ref('int_tickets__classified') }} as tickets
    inner join {{ ref('channels') }} as channels on channels.channel = tickets.channel
    where channels.is_session and tickets.in_p2

),

agents as (

    select source_system, account_id, agent_id
    from {{ ref('int_agents__unioned') }}
    where not is_bot

),

holders as (

    select ticket_key, value as agent_id, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'assignee' and value is not null

),

open_spans as (

    select ticket_key, started_at, ended_at
    from {{ ref('int_ticket_status_intervals') }}
    where status in ('new', 'open')

),

-- Neither the holders of a ticket nor its states overlap, so each pair has one stretch at most.
stretches as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key,
        agents.agent_id,
        greatest(holders.started_at, open_spans.started_at) as started_at,
        least(
            coalesce(holders.ended_at, tickets.as_of_at),
            coalesce(open_spans.ended_at, tickets.as_of_at)
        ) as ended_at
    from tickets
    inner join holders on holders.ticket_key = tickets.ticket_key
    inner join agents
        on
            agents.source_system = tickets.source_system
            and agents.account_id = tickets.account_id
            and agents.agent_id = holders.agent_id
    inner join open_spans on open_spans.ticket_key = tickets.ticket_key

)

select
    source_system,
    account_id,
    ticket_key,
    agent_id,
    started_at,
    ended_at
from stretches
where started_at < ended_at
