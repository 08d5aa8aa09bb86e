with

tickets as (

    select
        source_system,
        account_id,
        ticket_key,
        customer_id,
        status,
        created_at,
        updated_at,
        vendor_solved_at,
        as_of_at
    from {{ ref('int_tickets__effective') }}

),

statuses as (

    select status, is_unsolved
    from {{ ref('statuses') }}

),

changes as (

    select
        ticket_key,
        event_seq,
        actor_id,
        old_value,
        new_value,
        event_at
    from {{ ref('int_ticket_events__unioned') }}
    where event_type = 'status'

),

ends as (

    select
        ticket_key,
        min_by(old_value, event_seq) as first_old,
        max_by(new_value, event_seq) as last_new,
        max(event_at) as last_at
    from changes
    group by ticket_key

),

-- Without any history a ticket has had its present status throughout, unless that is solved: then
-- what came before the solve is unknown, and without the helpdesk's own stamp the solve is too.
starts as (

    select
        tickets.ticket_key,
        cast(0 as bigint) as seq,
        case
            when ends.ticket_key is not null then ends.first_old
            when statuses.is_unsolved then tickets.status
            when tickets.vendor_solved_at is not null then 'unknown'
        end as status,
        cast(null as text) as actor_id,
        tickets.created_at as started_at
    from tickets
    inner join statuses on statuses.status = tickets.status
    left join ends on ends.ticket_key = tickets.ticket_key

),

-- A record newer than the last event knows a status that no event tells, such as a deletion.
corrections as (

    select
        tickets.ticket_key,
        cast(9223372036854775807 as bigint) as seq,
        tickets.status,
        cast(null as text) as actor_id,
        coalesce(
            case when ends.ticket_key is null then tickets.vendor_solved_at end,
            tickets.updated_at
        ) as started_at
    from tickets
    inner join statuses on statuses.status = tickets.status
    left join ends on ends.ticket_key = tickets.ticket_key
    where
        (
            ends.ticket_key is null
            and not statuses.is_unsolved
            and (tickets.vendor_solved_at is not null or tickets.status = 'deleted')
        )
        or (ends.last_new != tickets.status and tickets.updated_at > ends.last_at)

),

points as (

    select ticket_key, seq, status, actor_id, started_at
    from starts
    where status is not null

    union all

    select ticket_key, event_seq, new_value, actor_id, event_at
    from changes
    where new_value is not null

    union all

    select ticket_key, seq, status, actor_id, started_at
    from corrections

),

-- Several custom statuses of one category, or a change to the same value, are no move.
moves as (

    select
        ticket_key,
        seq,
        status,
        actor_id,
        started_at,
        lag(status) over (partition by ticket_key order by seq) as previous_status
    from points
    qualify status is distinct from previous_status

),

agents as (

    select source_system, account_id, agent_id, is_bot
    from {{ ref('int_agents__unioned') }}

),

-- One ticket, one status row and at most one agent a move.
attributed as (

    select
        moves.ticket_key,
        moves.seq,
        moves.status,
        moves.previous_status,
        statuses.is_unsolved,
        moves.status in ('solved', 'closed')
        and coalesce(moves.previous_status not in ('solved', 'closed'), true) as is_solve,
        moves.actor_id,
        case
            when agents.is_bot then 'bot'
            when moves.actor_id = tickets.customer_id then 'customer'
            when agents.agent_id is not null then 'agent'
            when moves.actor_id is not null then 'customer'
            else 'unknown'
        end as actor_type,
        -- Merged sources may be older than the first known status of the ticket that stays.
        case
            when moves.previous_status is null then least(moves.started_at, tickets.created_at)
            else moves.started_at
        end as started_at,
        tickets.as_of_at
    from moves
    inner join tickets on tickets.ticket_key = moves.ticket_key
    inner join statuses on statuses.status = moves.status
    left join agents
        on
            agents.source_system = tickets.source_system
            and agents.account_id = tickets.account_id
            and agents.agent_id = moves.actor_id

)

select
    ticket_key,
    row_number() over by_ticket as interval_no,
    status,
    previous_status,
    is_unsolved,
    coalesce(previous_status in ('solved', 'closed') and is_unsolved, false) as is_reopen,
    is_solve,
    actor_id,
    actor_type,
    last_value(case when is_solve then actor_type end ignore nulls) over by_ticket
        as last_solver_type,
    started_at,
    lead(started_at) over by_ticket as ended_at,
    as_of_at
from attributed
window by_ticket as (partition by ticket_key order by seq)
