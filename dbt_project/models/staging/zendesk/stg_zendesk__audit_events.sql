{%- set fields = [
    'status',
    'assignee_id',
    'group_id',
    'priority',
    'first_reply_time',
    'next_reply_time',
    'requester_wait_time',
    'agent_work_time',
    'total_resolution_time',
    'resolution_time',
    'periodic_update_time',
    'pausable_update_time',
    'group_ownership_time',
] -%}
{%- set is_relevant -%}
(
    type = 'ScheduleAssignment'
    or (type in ('Create', 'Change') and field_name in ('{{ fields | join("', '") }}'))
)
{%- endset -%}

with

source as (

    {{ newest_versions(source('zendesk', 'audit_events'), ['audit_id', 'coalesce(id, event_no)'], [
        'ticket_id',
        'audit_id',
        'audit_created_at',
        'audit_author_id',
        'event_no',
        'id',
        'type',
        'field_name',
        'value',
        'previous_value',
        'previous_schedule_id',
        'new_schedule_id',
    ], where=is_relevant) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'zendesk'

),

typed as (

    select
        _account_id as account_id,
        ticket_id,
        cast(audit_id as hugeint) as seq_major,
        cast(event_no as integer) as seq_minor,
        case
            when type = 'ScheduleAssignment' then 'calendar'
            when field_name = 'status' then 'status'
            when field_name = 'assignee_id' then 'assignee'
            when field_name = 'group_id' then 'team'
            when field_name = 'priority' then 'priority'
            else 'sla_target'
        end as event_type,
        case
            when field_name = 'resolution_time' then 'total_resolution_time'
            when field_name like '%\_time' escape '\' then field_name
        end as metric,
        nullif(coalesce(previous_schedule_id, previous_value), '') as old_value,
        nullif(coalesce(new_schedule_id, value), '') as new_value,
        audit_author_id as actor_id,
        {{ utc_timestamp('audit_created_at') }} as event_at
    from source

),

-- At most one alias row per raw value (tested on the seed), so no join multiplies events.
canonical as (

    select
        'zendesk' as source_system,
        typed.account_id,
        typed.ticket_id,
        typed.seq_major,
        typed.seq_minor,
        typed.event_type,
        typed.metric,
        typed.actor_id,
        case
            when typed.event_type = 'status' then coalesce(old_aliases.status, typed.old_value)
            when typed.event_type = 'priority' then coalesce(lower(typed.old_value), 'none')
            when typed.event_type != 'sla_target' then typed.old_value
        end as old_value,
        case
            when typed.event_type = 'status' then coalesce(new_aliases.status, typed.new_value)
            when typed.event_type = 'priority' then coalesce(lower(typed.new_value), 'none')
            when typed.event_type != 'sla_target' then typed.new_value
        end as new_value,
        case
            when typed.event_type = 'sla_target'
                then 60 * cast({{ json_text('typed.new_value', '$.minutes') }} as bigint)
        end as target_seconds,
        case
            when typed.event_type = 'sla_target'
                then cast({{ json_text('typed.new_value', '$.in_business_hours') }} as boolean)
        end as in_business_hours,
        typed.event_at
    from typed
    left join status_aliases as old_aliases
        on
            old_aliases.raw_value = lower(typed.old_value)
            and typed.event_type = 'status'
    left join status_aliases as new_aliases
        on
            new_aliases.raw_value = lower(typed.new_value)
            and typed.event_type = 'status'

)

select *
from canonical
