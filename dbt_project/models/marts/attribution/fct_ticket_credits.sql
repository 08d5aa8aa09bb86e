with

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        closer_id,
        assignee_id,
        first_response_agent_id,
        is_solved,
        first_response_at,
        first_solved_at,
        last_solved_at
    from {{ ref('int_tickets__classified') }}

),

ratings as (

    select ticket_key, max(answered_at) as rated_at
    from {{ ref('fct_surveys') }}
    where answered_at is not null and ticket_key is not null
    group by ticket_key

),

messages as (

    select ticket_key, message_no, author_id, author_type, is_human_reply, sent_at
    from {{ ref('int_messages__attributed') }}
    where author_type = 'agent' and author_id is not null

),

owners as (

    select ticket_key, interval_no, value as agent_id, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'assignee'

),

events as (

    select ticket_key, 'first_response' as event, first_response_at as event_at
    from tickets
    where first_response_at is not null

    union all

    select ticket_key, 'first_solved' as event, first_solved_at as event_at
    from tickets
    where first_solved_at is not null

    union all

    select ticket_key, 'solved' as event, last_solved_at as event_at
    from tickets
    where is_solved and last_solved_at is not null

    union all

    select ticket_key, 'rated' as event, rated_at as event_at
    from ratings

),

-- Of several messages in one second the last one was said.
replies as (

    select ticket_key, sent_at, max_by(author_id, message_no) as author_id
    from messages
    where is_human_reply
    group by ticket_key, sent_at

),

-- The first response has its sender; for the others it is who last wrote before the event.
sent as (

    select
        events.ticket_key,
        events.event,
        case
            when events.event = 'first_response' then tickets.first_response_agent_id
            else replies.author_id
        end as agent_id
    from events
    inner join tickets on tickets.ticket_key = events.ticket_key
    asof left join replies
        on
            replies.ticket_key = events.ticket_key
            and replies.sent_at <= events.event_at

),

-- Half-open intervals of one ticket: at most one of them holds at the event.
held as (

    select events.ticket_key, events.event, owners.agent_id
    from events
    left join owners
        on
            owners.ticket_key = events.ticket_key
            and owners.started_at <= events.event_at
            and coalesce(owners.ended_at, timestamp '9999-12-31') > events.event_at

),

first_owners as (

    select ticket_key, min_by(agent_id, interval_no) as agent_id
    from owners
    where agent_id is not null
    group by ticket_key

),

participants as (

    select distinct ticket_key, author_id as agent_id
    from messages

),

-- Every mode has one row a ticket and event, but the fractional one, a row a participant.
credited as (

    select ticket_key, event, 'sender' as mode, agent_id, 1.0 as weight
    from sent

    union all

    select ticket_key, event, 'assignee_at_event' as mode, agent_id, 1.0 as weight
    from held

    union all

    select ticket_key, 'any' as event, 'closer' as mode, closer_id as agent_id, 1.0 as weight
    from tickets

    union all

    select
        tickets.ticket_key,
        'any' as event,
        'first_assignee' as mode,
        first_owners.agent_id,
        1.0 as weight
    from tickets
    left join first_owners on first_owners.ticket_key = tickets.ticket_key

    union all

    select
        ticket_key, 'any' as event, 'last_assignee' as mode, assignee_id as agent_id, 1.0 as weight
    from tickets

    union all

    select
        tickets.ticket_key,
        'any' as event,
        'participants_fractional' as mode,
        participants.agent_id,
        1.0 / count(*) over (partition by tickets.ticket_key) as weight
    from tickets
    left join participants on participants.ticket_key = tickets.ticket_key

)

select
    tickets.ticket_key,
    tickets.source_system,
    tickets.account_id,
    credited.event,
    credited.mode,
    coalesce(credited.agent_id, 'unknown') as agent_id,
    {{ hash_key([
        'tickets.source_system',
        'tickets.account_id',
        "coalesce(credited.agent_id, 'unknown')",
    ]) }} as agent_key,
    cast(credited.weight as double) as weight
from credited
inner join tickets on tickets.ticket_key = credited.ticket_key
order by tickets.ticket_key, credited.mode, credited.event, agent_id
