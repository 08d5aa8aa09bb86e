{{ config(materialized='view') }}

with

tickets as (

    select ticket_key, source_system, account_id, created_at, as_of_at
    from {{ ref('int_tickets__classified') }}
    where is_history_complete

),

assignments as (

    select
        intervals.ticket_key,
        intervals.interval_no,
        intervals.value as agent_id,
        intervals.started_at,
        coalesce(intervals.ended_at, tickets.as_of_at) as ended_at
    from {{ ref('int_ticket_field_intervals') }} as intervals
    inner join tickets on tickets.ticket_key = intervals.ticket_key
    where intervals.field = 'assignee'

),

statuses as (

    select
        ticket_key,
        started_at,
        coalesce(ended_at, as_of_at) as ended_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_unsolved

),

agents as (

    select source_system, account_id, agent_id
    from {{ ref('int_agents__unioned') }}
    where not is_bot

),

first_assignments as (

    select
        ticket_key,
        min_by(agent_id, interval_no) as agent_id,
        min(started_at) as assigned_at
    from assignments
    where agent_id is not null
    group by ticket_key

),

-- Neither the stretches without assignee nor those of a status overlap among themselves.
unassigned as (

    select
        assignments.ticket_key,
        greatest(assignments.started_at, statuses.started_at) as from_at,
        least(assignments.ended_at, statuses.ended_at) as to_at
    from assignments
    inner join statuses
        on
            statuses.ticket_key = assignments.ticket_key
            and statuses.started_at < assignments.ended_at
            and statuses.ended_at > assignments.started_at
    where assignments.agent_id is null

),

held as (

    select
        assignments.ticket_key,
        assignments.agent_id,
        assignments.started_at
    from assignments
    inner join tickets on tickets.ticket_key = assignments.ticket_key
    inner join agents
        on
            agents.source_system = tickets.source_system
            and agents.account_id = tickets.account_id
            and agents.agent_id = assignments.agent_id

),

replies as (

    select ticket_key, author_id as agent_id, sent_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply

),

-- Of each agent the first message after an assignment, measured from the last assignment before it.
answered as (

    select
        held.ticket_key,
        held.agent_id,
        min(held.started_at) as first_held_at,
        min(replies.sent_at) as replied_at
    from held
    left join replies
        on
            replies.ticket_key = held.ticket_key
            and replies.agent_id = held.agent_id
            and replies.sent_at >= held.started_at
    group by held.ticket_key, held.agent_id

),

assigned as (

    select
        answered.ticket_key,
        answered.agent_id,
        max(held.started_at) as assigned_at,
        answered.replied_at
    from answered
    inner join held
        on
            held.ticket_key = answered.ticket_key
            and held.agent_id = answered.agent_id
            and held.started_at <= coalesce(answered.replied_at, answered.first_held_at)
    group by answered.ticket_key, answered.agent_id, answered.replied_at

)

select
    first_assignments.ticket_key,
    'first_assignment' as span_type,
    cast(1 as bigint) as span_no,
    first_assignments.agent_id,
    tickets.created_at as from_at,
    greatest(tickets.created_at, first_assignments.assigned_at) as to_at
from first_assignments
inner join tickets on tickets.ticket_key = first_assignments.ticket_key

union all

select
    ticket_key,
    'unassigned' as span_type,
    row_number() over (partition by ticket_key order by from_at) as span_no,
    cast(null as text) as agent_id,
    from_at,
    to_at
from unassigned

union all

select
    ticket_key,
    'assignment_to_reply' as span_type,
    row_number() over (partition by ticket_key order by agent_id) as span_no,
    agent_id,
    assigned_at as from_at,
    replied_at as to_at
from assigned
