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

agents as (

    select source_system, account_id, agent_id, is_bot
    from {{ ref('int_agents__unioned') }}

),

-- Moves between custom statuses of one category are no change of status.
changes as (

    select
        ticket_key,
        actor_id,
        new_value as status,
        coalesce(lag(new_value) over by_ticket, old_value) as previous_status,
        first_value(old_value) over by_ticket as first_status,
        row_number() over by_ticket as change_no,
        event_at as started_at,
        lead(event_at) over by_ticket as ended_at
    from {{ ref('int_ticket_events__unioned') }}
    where event_type = 'status' and new_value is not null and new_value is distinct from old_value
    window by_ticket as (partition by ticket_key order by event_seq)

),

-- A record newer than the last change knows a status that no event tells, such as a deletion.
told as (

    select
        changes.ticket_key,
        changes.actor_id,
        changes.status,
        changes.previous_status,
        changes.first_status,
        changes.change_no,
        case
            when changes.change_no = 1 and changes.first_status is null
                then least(changes.started_at, tickets.created_at)
            else changes.started_at
        end as started_at,
        changes.ended_at,
        changes.ended_at is null
        and changes.status != tickets.status
        and tickets.updated_at > changes.started_at as is_outdated
    from changes
    inner join tickets on tickets.ticket_key = changes.ticket_key

),

-- Before its first change a ticket had the old value of that change.
histories as (

    select
        ticket_key,
        case when first_status is null then change_no else change_no + 1 end as interval_no,
        status,
        previous_status,
        actor_id,
        started_at,
        ended_at,
        is_outdated
    from told

    union all

    select
        told.ticket_key,
        1 as interval_no,
        told.first_status as status,
        null as previous_status,
        null as actor_id,
        least(tickets.created_at, told.started_at) as started_at,
        told.started_at as ended_at,
        false as is_outdated
    from told
    inner join tickets on tickets.ticket_key = told.ticket_key
    where told.change_no = 1 and told.first_status is not null

),

-- Without any history a ticket has had its present status throughout, unless that is solved: then
-- what came before the solve is unknown, and without the helpdesk's own stamp the solve is too.
untold as (

    select
        tickets.ticket_key,
        tickets.status,
        tickets.created_at,
        case
            when statuses.is_unsolved then tickets.created_at
            when tickets.status = 'deleted' then tickets.updated_at
            else tickets.vendor_solved_at
        end as status_since
    from tickets
    inner join statuses on statuses.status = tickets.status
    anti join told on told.ticket_key = tickets.ticket_key

),

intervals as (

    select
        ticket_key,
        interval_no,
        status,
        previous_status,
        actor_id,
        started_at,
        ended_at,
        is_outdated
    from histories

    union all

    select
        untold.ticket_key,
        1 as interval_no,
        'unknown' as status,
        null as previous_status,
        null as actor_id,
        untold.created_at as started_at,
        untold.status_since as ended_at,
        false as is_outdated
    from untold
    where untold.status_since > untold.created_at

    union all

    select
        untold.ticket_key,
        case when untold.status_since > untold.created_at then 2 else 1 end as interval_no,
        untold.status,
        case when untold.status_since > untold.created_at then 'unknown' end as previous_status,
        null as actor_id,
        untold.status_since as started_at,
        null as ended_at,
        false as is_outdated
    from untold
    where untold.status_since is not null

    union all

    select
        histories.ticket_key,
        histories.interval_no + 1 as interval_no,
        tickets.status,
        histories.status as previous_status,
        null as actor_id,
        tickets.updated_at as started_at,
        null as ended_at,
        false as is_outdated
    from histories
    inner join tickets on tickets.ticket_key = histories.ticket_key
    where histories.is_outdated

)

-- One ticket, one status row and at most one agent an interval.
select
    intervals.ticket_key,
    intervals.interval_no,
    intervals.status,
    intervals.previous_status,
    statuses.is_unsolved,
    coalesce(intervals.previous_status in ('solved', 'closed') and statuses.is_unsolved, false)
        as is_reopen,
    intervals.status in ('solved', 'closed')
    and coalesce(intervals.previous_status not in ('solved', 'closed'), true) as is_solve,
    intervals.actor_id,
    case
        when intervals.actor_id is null then 'unknown'
        when agents.is_bot then 'bot'
        when intervals.actor_id = tickets.customer_id then 'customer'
        when agents.agent_id is not null then 'agent'
        else 'customer'
    end as actor_type,
    intervals.started_at,
    case when intervals.is_outdated then tickets.updated_at else intervals.ended_at end as ended_at,
    tickets.as_of_at
from intervals
inner join tickets on tickets.ticket_key = intervals.ticket_key
inner join statuses on statuses.status = intervals.status
left join agents
    on
        agents.source_system = tickets.source_system
        and agents.account_id = tickets.account_id
        and agents.agent_id = intervals.actor_id
