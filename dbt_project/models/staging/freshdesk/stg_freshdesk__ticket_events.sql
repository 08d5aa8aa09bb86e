with

source as (

    {{ newest_versions(source('freshdesk', 'ticket_activities'), [
        'ticket_id',
        'performed_at',
        'activity',
    ], [
        '_file_id',
        '_record_no',
        'ticket_id',
        'performed_at',
        'performer_id',
        'activity',
    ], where='json_valid(activity)') }}

),

groups as (

    {{ newest_versions(source('freshdesk', 'groups'), ['id'], ['id', 'name']) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'freshdesk'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'freshdesk'

),

changes as (

    select
        _account_id,
        ticket_id,
        performer_id,
        {{ utc_timestamp('performed_at') }} as event_at,
        row_number() over (
            partition by _account_id, ticket_id
            order by performed_at, _file_id, _record_no
        ) as seq_major,
        lower({{ json_text('activity', '$.status') }}) as status,
        lower({{ json_text('activity', '$.priority') }}) as priority,
        {{ json_text('activity', '$.group') }} as team,
        {{ json_text('activity', '$.agent_id') }} as assignee
    from source

),

fields as (

    unpivot changes
    on status, priority, team, assignee
    into name event_type value new_value

),

-- Names of groups are the account's own and unique in it.
named as (

    select
        fields._account_id as account_id,
        fields.ticket_id,
        fields.performer_id as actor_id,
        fields.event_at,
        cast(fields.seq_major as hugeint) as seq_major,
        fields.event_type,
        case fields.event_type
            when 'status' then coalesce(status_aliases.status, 'unknown')
            when 'priority' then coalesce(priority_aliases.priority, 'none')
            when 'team' then groups.id
            else fields.new_value
        end as new_value
    from fields
    left join status_aliases
        on
            status_aliases.raw_value = fields.new_value
            and fields.event_type = 'status'
    left join priority_aliases
        on
            priority_aliases.raw_value = fields.new_value
            and fields.event_type = 'priority'
    left join groups
        on
            groups._account_id = fields._account_id
            and groups.name = fields.new_value
            and fields.event_type = 'team'

)

select
    'freshdesk' as source_system,
    account_id,
    ticket_id,
    seq_major,
    cast(
        case event_type when 'team' then 1 when 'assignee' then 2 when 'priority' then 3 else 4 end
        as integer
    ) as seq_minor,
    event_type,
    actor_id,
    lag(new_value) over (
        partition by account_id, ticket_id, event_type order by event_at, seq_major
    ) as old_value,
    new_value,
    false as is_derived,
    event_at
from named
