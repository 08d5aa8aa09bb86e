with

source as (

    {{ newest_versions(source('zendesk', 'tickets'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'external_id',
        'subject',
        'type',
        'priority',
        'status',
        'requester_id',
        'submitter_id',
        'assignee_id',
        'organization_id',
        'group_id',
        'brand_id',
        'problem_id',
        'via',
        'tags',
        'followup_ids',
        'satisfaction_rating',
        'due_at',
        'created_at',
        'updated_at',
    ]) }}

),

origins as (

    select
        *,
        {{ json_texts('via', ['$.channel', '$.source.rel']) }} as via_parts
    from source

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zendesk'

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'zendesk'

),

priorities as (

    select priority
    from {{ ref('priorities') }}

),

-- At most one alias row per raw value (tested on the seeds), so no join multiplies tickets.
canonical as (

    select
        'zendesk' as source_system,
        origins._account_id as account_id,
        origins.id as ticket_id,
        origins.external_id as external_ref,
        origins.subject,
        origins.requester_id as customer_id,
        origins.submitter_id,
        origins.assignee_id,
        origins.organization_id,
        origins.group_id as team_id,
        origins.brand_id,
        origins.problem_id,
        coalesce(channel_aliases.channel, 'unknown') as channel,
        coalesce(origins.type, 'unknown') as type,
        coalesce(priorities.priority, 'none') as priority,
        origins.status as status_raw,
        coalesce(status_aliases.status, 'unknown') as status,
        coalesce({{ json_list('origins.tags') }}, []) as tags,
        coalesce({{ json_list('origins.followup_ids') }}, []) as follow_up_ids,
        origins.via_parts[2] as via_rel,
        {{ json_text('origins.satisfaction_rating', '$.score') }} as satisfaction_score,
        {{ utc_timestamp('origins.due_at') }} as due_at,
        {{ utc_timestamp('origins.created_at') }} as created_at,
        {{ utc_timestamp('origins.updated_at') }} as updated_at,
        {{ utc_timestamp('origins._version_at') }} as version_at,
        origins._file_id as file_id,
        origins._record_no as record_no
    from origins
    left join channel_aliases
        on channel_aliases.raw_value = lower(origins.via_parts[1])
    left join status_aliases on status_aliases.raw_value = lower(origins.status)
    left join priorities on priorities.priority = lower(origins.priority)

)

select *
from canonical
