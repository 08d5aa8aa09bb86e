with

source as (

    {{ newest_versions(source('chatwoot', 'conversations'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'display_id',
        'inbox_id',
        'contact_id',
        'assignee_id',
        'team_id',
        'status',
        'priority',
        'meta',
        'labels',
        'first_reply_created_at',
        'last_activity_at',
        'created_at',
        'updated_at',
    ]) }}

),

-- Newer exports of the API know a conversation by its display_id alone, and call that id.
numbered as (

    select
        *,
        coalesce(display_id, id) as ticket_id
    from source
    qualify row_number() over (
        partition by _account_id, coalesce(display_id, id) order by _version_at desc, id asc
    ) = 1

),

inboxes as (

    {{ newest_versions(source('chatwoot', 'inboxes'), ['id'], ['id', 'channel_type', 'name']) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'chatwoot'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'chatwoot'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'chatwoot'

),

events as (

    select
        account_id,
        ticket_id,
        count(*) filter (where name = 'conversation_resolved') as solve_count,
        min_by(calendar_seconds, event_at) filter (where name = 'first_response')
            as first_reply_calendar_seconds,
        min_by(business_seconds, event_at) filter (where name = 'first_response')
            as first_reply_business_seconds,
        min_by(calendar_seconds, event_at) filter (where name = 'conversation_resolved')
            as first_resolution_calendar_seconds,
        min_by(business_seconds, event_at) filter (where name = 'conversation_resolved')
            as first_resolution_business_seconds,
        max_by(calendar_seconds, event_at) filter (where name = 'conversation_resolved')
            as full_resolution_calendar_seconds,
        max_by(business_seconds, event_at) filter (where name = 'conversation_resolved')
            as full_resolution_business_seconds
    from {{ ref('stg_chatwoot__reporting_events') }}
    group by account_id, ticket_id

),

accounts_with_events as (

    select distinct _account_id
    from {{ source('chatwoot', 'reporting_events') }}

),

accounts_with_messages as (

    select distinct _account_id
    from {{ source('chatwoot', 'messages') }}

),

-- One alias row per raw value (tested on the seeds), one row an inbox, ticket and account.
canonical as (

    select
        'chatwoot' as source_system,
        numbered._account_id as account_id,
        numbered.ticket_id,
        numbered.id as conversation_id,
        coalesce(
            numbered.contact_id, {{ json_text('numbered.meta', '$.sender.id') }}
        ) as customer_id,
        coalesce(
            numbered.assignee_id, {{ json_text('numbered.meta', '$.assignee.id') }}
        ) as assignee_id,
        coalesce(numbered.team_id, {{ json_text('numbered.meta', '$.team.id') }}) as team_id,
        numbered.inbox_id as brand_id,
        coalesce(inboxes.name, numbered._account_id) as shop,
        coalesce(channel_aliases.channel, 'unknown') as channel,
        'unknown' as type,
        coalesce(priority_aliases.priority, 'none') as priority,
        numbered.status as status_raw,
        coalesce(status_aliases.status, 'unknown') as status,
        coalesce({{ json_list('numbered.labels') }}, []) as tags,
        false as is_marked_merged,
        -- Solves are told, snoozes and assignments are not.
        false as is_history_complete,
        accounts_with_events._account_id is not null as is_first_solve_known,
        false as is_history_derived,
        accounts_with_messages._account_id is not null as has_messages,
        true as is_response_stated,
        false as is_outbound,
        false as is_bot_session,
        case
            when accounts_with_events._account_id is not null
                then cast(
                    greatest(
                        coalesce(events.solve_count, 0)
                        - case when status_aliases.status = 'solved' then 1 else 0 end,
                        0
                    ) as integer
                )
        end as vendor_reopen_count,
        events.first_reply_calendar_seconds as vendor_first_reply_calendar_seconds,
        events.first_reply_business_seconds as vendor_first_reply_business_seconds,
        events.first_resolution_calendar_seconds as vendor_first_resolution_calendar_seconds,
        events.first_resolution_business_seconds as vendor_first_resolution_business_seconds,
        events.full_resolution_calendar_seconds as vendor_full_resolution_calendar_seconds,
        events.full_resolution_business_seconds as vendor_full_resolution_business_seconds,
        -- The API writes 0 where there was no reply.
        nullif(
            {{ utc_timestamp('numbered.first_reply_created_at') }}, timestamp '1970-01-01'
        ) as stated_first_response_at,
        {{ utc_timestamp('numbered.created_at') }} as created_at,
        greatest(
            {{ utc_timestamp('numbered.updated_at') }},
            {{ utc_timestamp('numbered.last_activity_at') }}
        ) as updated_at,
        {{ utc_timestamp('numbered._version_at') }} as version_at,
        numbered._file_id as file_id,
        numbered._record_no as record_no
    from numbered
    left join inboxes
        on
            inboxes._account_id = numbered._account_id
            and inboxes.id = numbered.inbox_id
    left join channel_aliases
        on
            channel_aliases.raw_value
            = lower(coalesce(inboxes.channel_type, {{ json_text('numbered.meta', '$.channel') }}))
    left join status_aliases on status_aliases.raw_value = lower(numbered.status)
    left join priority_aliases on priority_aliases.raw_value = lower(numbered.priority)
    left join events
        on
            events.account_id = numbered._account_id
            and events.ticket_id = numbered.ticket_id
    left join accounts_with_events on accounts_with_events._account_id = numbered._account_id
    left join accounts_with_messages on accounts_with_messages._account_id = numbered._account_id

)

select *
from canonical
