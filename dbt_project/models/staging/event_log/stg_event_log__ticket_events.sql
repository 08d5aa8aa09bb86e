with

events as (

    select
        *,
        coalesce(status, case when event_no = 1 then 'new' end) as told_status
    from {{ ref('stg_event_log__events') }}

),

-- Who takes a ticket in charge holds it; whoever closes it may be somebody else.
changes as (

    select
        account_id,
        ticket_id,
        event_no,
        0 as seq_minor,
        'assignee' as event_type,
        agent_id as actor_id,
        agent_id as new_value,
        event_at
    from events
    where status = 'open' and agent_id is not null

    union all

    select
        account_id,
        ticket_id,
        event_no,
        1 as seq_minor,
        'status' as event_type,
        agent_id as actor_id,
        told_status as new_value,
        event_at
    from events
    where told_status is not null

)

select
    'event_log' as source_system,
    account_id,
    ticket_id,
    cast(event_no as hugeint) as seq_major,
    cast(seq_minor as integer) as seq_minor,
    event_type,
    actor_id,
    lag(new_value) over (
        partition by account_id, ticket_id, event_type order by event_no
    ) as old_value,
    new_value,
    false as is_derived,
    event_at
from changes
