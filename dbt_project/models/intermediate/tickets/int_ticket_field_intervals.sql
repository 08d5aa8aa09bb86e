with

tickets as (

    select ticket_key, created_at
    from {{ ref('int_tickets__effective') }}

),

present as (

    select ticket_key, assignee_id, team_id, priority
    from {{ ref('int_tickets__unioned') }}

),

changes as (

    select
        ticket_key,
        event_type as field,
        old_value,
        new_value,
        row_number() over by_field as change_no,
        event_at as started_at,
        lead(event_at) over by_field as ended_at
    from {{ ref('int_ticket_events__unioned') }}
    where
        event_type in ('assignee', 'team', 'priority')
        and new_value is distinct from old_value
    window by_field as (partition by ticket_key, event_type order by event_seq)

),

present_values as (

    select ticket_key, 'assignee' as field, assignee_id as value
    from present

    union all

    select ticket_key, 'team' as field, team_id as value
    from present

    union all

    select ticket_key, 'priority' as field, priority as value
    from present

),

-- Before its first change a field had the old value of that change; never changed, the present one.
first_values as (

    select
        present_values.ticket_key,
        present_values.field,
        case when changes.ticket_key is null then present_values.value else changes.old_value end
            as value,
        least(tickets.created_at, changes.started_at) as started_at,
        changes.started_at as ended_at
    from present_values
    inner join tickets on tickets.ticket_key = present_values.ticket_key
    left join changes
        on
            changes.ticket_key = present_values.ticket_key
            and changes.field = present_values.field
            and changes.change_no = 1

)

select
    ticket_key,
    field,
    1 as interval_no,
    value,
    started_at,
    ended_at
from first_values

union all

select
    ticket_key,
    field,
    change_no + 1 as interval_no,
    new_value as value,
    started_at,
    ended_at
from changes
