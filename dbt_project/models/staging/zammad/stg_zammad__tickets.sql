with

source as (

    {{ newest_versions(source('zammad', 'tickets'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'number',
        'title',
        'group_id',
        'state_id',
        'state',
        'priority_id',
        'priority',
        'owner_id',
        'customer_id',
        'organization_id',
        'create_article_type',
        'tags',
        'first_response_at',
        'first_response_in_min',
        'first_response_diff_in_min',
        'close_at',
        'close_in_min',
        'close_diff_in_min',
        'last_close_at',
        'close_escalation_at',
        'created_at',
        'updated_at',
    ]) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'zammad'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zammad'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'zammad'

),

accounts_with_messages as (

    select distinct _account_id
    from {{ source('zammad', 'ticket_articles') }}

)

-- One alias row per raw value (tested on the seeds), one row an account.
select
    'zammad' as source_system,
    source._account_id as account_id,
    source.id as ticket_id,
    source.number as external_ref,
    source.title as subject,
    source.customer_id,
    -- User 1 stands for nobody.
    nullif(source.owner_id, '1') as assignee_id,
    source.organization_id,
    source.group_id as team_id,
    source._account_id as shop,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    'unknown' as type,
    coalesce(priority_aliases.priority, 'none') as priority,
    coalesce(source.state, source.state_id) as status_raw,
    coalesce(status_aliases.status, 'unknown') as status,
    coalesce({{ json_list('source.tags') }}, []) as tags,
    lower(coalesce(source.state, source.state_id)) in ('merged', '5') as is_marked_merged,
    false as is_history_complete,
    -- close_at is the first closing only where the last one is told beside it.
    source.close_at is null or source.last_close_at is not null as is_first_solve_known,
    true as is_history_derived,
    accounts_with_messages._account_id is not null as has_messages,
    true as is_response_stated,
    false as is_outbound,
    false as is_bot_session,
    case when source.close_at is null then 0 end as vendor_reopen_count,
    60 * cast(source.first_response_in_min as bigint) as vendor_first_reply_business_seconds,
    60 * cast(source.close_in_min as bigint) as vendor_first_resolution_business_seconds,
    case
        when source.close_at is not null
            then
                coalesce(cast(source.first_response_diff_in_min as bigint), 0) >= 0
                and coalesce(cast(source.close_diff_in_min as bigint), 0) >= 0
    end as vendor_is_sla_met,
    {{ utc_timestamp('source.first_response_at') }} as stated_first_response_at,
    case
        when source.last_close_at is not null then {{ utc_timestamp('source.close_at') }}
    end as stated_first_solved_at,
    case
        when status_aliases.status in ('solved', 'closed') or source.last_close_at is not null
            then {{ utc_timestamp('coalesce(source.last_close_at, source.close_at)') }}
    end as stated_last_solved_at,
    {{ utc_timestamp('source.close_escalation_at') }} as due_at,
    {{ utc_timestamp('source.created_at') }} as created_at,
    {{ utc_timestamp('source.updated_at') }} as updated_at,
    {{ utc_timestamp('source._version_at') }} as version_at,
    source._file_id as file_id,
    source._record_no as record_no
from source
left join status_aliases
    on status_aliases.raw_value = lower(coalesce(source.state, source.state_id))
left join channel_aliases on channel_aliases.raw_value = lower(source.create_article_type)
left join priority_aliases
    on priority_aliases.raw_value = lower(coalesce(source.priority, source.priority_id))
left join accounts_with_messages on accounts_with_messages._account_id = source._account_id
