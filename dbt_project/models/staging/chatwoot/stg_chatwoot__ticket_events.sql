with

solves as (

    select
        account_id,
        ticket_id,
        event_id,
        agent_id as actor_id,
        event_at,
        lead(event_at) over (
            partition by account_id, ticket_id order by event_at, cast(event_id as hugeint)
        ) as next_solve_at
    from {{ ref('stg_chatwoot__reporting_events') }}
    where name = 'conversation_resolved'

),

-- No export tells a reopening; the customer's first message after a solve causes it.
reopenings as (

    select
        solves.account_id,
        solves.ticket_id,
        solves.event_id,
        min_by(messages.author_id, messages.sent_at) as actor_id,
        min(messages.sent_at) as event_at
    from solves
    inner join {{ ref('stg_chatwoot__messages') }} as messages
        on
            messages.account_id = solves.account_id
            and messages.ticket_id = solves.ticket_id
            and messages.stated_author_type = 'customer'
            and messages.sent_at > solves.event_at
            and messages.sent_at <= coalesce(solves.next_solve_at, timestamp '9999-12-31')
    group by solves.account_id, solves.ticket_id, solves.event_id

),

changes as (

    select account_id, ticket_id, event_id, 0 as seq_minor, 'solved' as status, actor_id, event_at
    from solves

    union all

    select account_id, ticket_id, event_id, 1 as seq_minor, 'unknown' as status, actor_id, event_at
    from reopenings

)

select
    'chatwoot' as source_system,
    account_id,
    ticket_id,
    cast(event_id as hugeint) as seq_major,
    cast(seq_minor as integer) as seq_minor,
    'status' as event_type,
    actor_id,
    coalesce(
        lag(status) over (
            partition by account_id, ticket_id
            order by event_at, cast(event_id as hugeint), seq_minor
        ),
        'unknown'
    ) as old_value,
    status as new_value,
    true as is_derived,
    event_at
from changes
