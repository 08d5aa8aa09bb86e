with

tickets as (

    select ticket_key, created_at
    from {{ ref('int_tickets__effective') }}

),

present as (

    select ticket_key, 'assignee' as field, assignee_id as value
    from {{ ref('int_tickets__unioned') }}

    union all

    select ticket_key, 'team' as field, team_id as value
    from {{ ref('int_tickets__unioned') }}

    union all

    select ticket_key, 'priority' as field, priority as value
    from {{ ref('int_tickets__unioned') }}

),

changes as (

    select
        ticket_key,
        event_type as field,
        event_seq,
        old_value,
        new_value,
        event_at
    from {{ ref('int_ticket_events__unioned') }}
    where event_type in ('assignee', 'team', 'priority')

),

-- Not min_by: it skips nulls, and a field that was empty at first has a null there.
first_changes as (

    select ticket_key, field, old_value
    from changes
    qualify row_number() over (partition by ticket_key, field order by event_seq) = 1

),

-- Before its first change a field had the old value of that change; never changed, the present one.
starts as (

    select
        present.ticket_key,
        present.field,
        cast(0 as bigint) as seq,
        case
            when first_changes.ticket_key is not null then first_changes.old_value
            else present.value
        end as value,
        tickets.created_at as started_at
    from present
    inner join tickets on tickets.ticket_key = present.ticket_key
    left join first_changes
        on
            first_changes.ticket_key = present.ticket_key
            and first_changes.field = present.field

),

points as (

    select ticket_key, field, seq, value, started_at
    from starts

    union all

    select ticket_key, field, event_seq, new_value, event_at
    from changes

),

moves as (

    select
        ticket_key,
        field,
        seq,
        value,
        started_at
    from points
    qualify
        seq = 0
        or value is distinct from lag(value) over (partition by ticket_key, field order by seq)

)

select
    ticket_key,
    field,
    row_number() over by_field as interval_no,
    value,
    started_at,
    lead(started_at) over by_field as ended_at
from moves
window by_field as (partition by ticket_key, field order by seq)
