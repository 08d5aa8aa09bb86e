with

source as (

    {{ newest_versions(source('zendesk', 'tickets'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'external_id',
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
        source._account_id as account_id,
        source.id as ticket_id,
        source.external_id as external_ref,
        source.requester_id as customer_id,
        source.submitter_id,
        source.assignee_id,
        source.organization_id,
        source.group_id as team_id,
        source.brand_id,
        source.problem_id,
        coalesce(channel_aliases.channel, 'unknown') as channel,
        coalesce(source.type, 'unknown') as type,
        coalesce(priorities.priority, 'none') as priority,
        source.status as status_raw,
        coalesce(status_aliases.status, 'unknown') as status,
        coalesce({{ json_list('source.tags') }}, []) as tags,
        coalesce({{ json_list('source.followup_ids') }}, []) as follow_up_ids,
        {{ json_text('source.via', '$.source.rel') }} as via_rel,
        {{ json_text('source.satisfaction_rating', '$.score') }} as satisfaction_score,
        {{ utc_timestamp('source.due_at') }} as due_at,
        {{ utc_timestamp('source.created_at') }} as created_at,
        {{ utc_timestamp('source.updated_at') }} as updated_at,
        {{ utc_timestamp('source._version_at') }} as version_at,
        source._file_id as file_id,
        source._record_no as record_no
    from source
    left join channel_aliases
        on channel_aliases.raw_value = lower({{ json_text('source.via', '$.channel') }})
    left join status_aliases on status_aliases.raw_value = lower(source.status)
    left join priorities on priorities.priority = lower(source.priority)

)

select *
from canonical
