with

source as (

    {{ newest_versions(source('intercom', 'conversation_parts'), ['id'], [
        'id',
        'conversation_id',
        'part_type',
        'author',
        'assigned_to',
        'created_at',
    ]) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'intercom'

),

typed as (

    select
        _account_id as account_id,
        conversation_id as ticket_id,
        cast(id as hugeint) as seq_major,
        part_type,
        {{ json_text('author', '$.id') }} as actor_id,
        {{ json_text('assigned_to', '$.type') }} as assigned_type,
        nullif({{ json_text('assigned_to', '$.id') }}, '0') as assigned_id,
        {{ utc_timestamp('created_at') }} as event_at
    from source

),

-- The part types that change the status are among the aliases. One alias row per raw value.
status_changes as (

    select
        typed.account_id,
        typed.ticket_id,
        typed.seq_major,
        1 as seq_minor,
        'status' as event_type,
        typed.actor_id,
        coalesce(
            lag(status_aliases.status) over (
                partition by typed.account_id, typed.ticket_id
                order by typed.event_at, typed.seq_major
            ),
            'open'
        ) as old_value,
        status_aliases.status as new_value,
        typed.event_at
    from typed
    inner join status_aliases on status_aliases.raw_value = 'part ' || typed.part_type

),

assignments as (

    select
        account_id,
        ticket_id,
        seq_major,
        0 as seq_minor,
        case when assigned_type = 'team' then 'team' else 'assignee' end as event_type,
        actor_id,
        lag(assigned_id) over (
            partition by account_id, ticket_id, assigned_type = 'team' order by event_at, seq_major
        ) as old_value,
        assigned_id as new_value,
        event_at
    from typed
    where assigned_type is not null

),

changes as (

    select *
    from status_changes

    union all

    select *
    from assignments

)

select
    'intercom' as source_system,
    account_id,
    ticket_id,
    seq_major,
    cast(seq_minor as integer) as seq_minor,
    event_type,
    actor_id,
    old_value,
    new_value,
    false as is_derived,
    event_at
from changes
