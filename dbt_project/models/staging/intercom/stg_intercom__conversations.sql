{%- set stamps = {
    'first_admin_reply_at': 'first_admin_reply_at',
    'first_close_at': 'first_close_at',
    'last_close_at': 'last_close_at',
    'first_assignment_at': 'first_assignment_at',
} -%}

with

source as (

    {{ newest_versions(source('intercom', 'conversations'), ['id'], [
        '_file_id',
        '_record_no',
        'id',
        'state',
        'open',
        'priority',
        'source',
        'contacts',
        'admin_assignee_id',
        'team_assignee_id',
        'assignee',
        'tags',
        'sla_applied',
        'statistics',
        'created_at',
        'updated_at',
    ]) }}

),

parts as (

    select
        _account_id,
        conversation_id,
        count(distinct id) as part_count
    from {{ source('intercom', 'conversation_parts') }}
    group by _account_id, conversation_id

),

accounts_with_parts as (

    select distinct _account_id
    from parts

),

typed as (

    select
        *,
        lower({{ json_text('source', '$.type') }}) as source_type,
        {{ json_text('source', '$.delivered_as') }} as delivered_as,
        coalesce(
            state, case open when 'true' then 'open' when 'false' then 'closed' end
        ) as state_raw,
        -- Nobody is 0 or "0", not null.
        nullif(
            coalesce(
                admin_assignee_id,
                case
                    when {{ json_text('assignee', '$.type') }} = 'admin'
                        then {{ json_text('assignee', '$.id') }}
                end
            ),
            '0'
        ) as assignee_id,
        nullif(team_assignee_id, '0') as team_id,
        {%- for name, field in stamps.items() %}
        {{ utc_wall_time(
            'to_timestamp(cast(' ~ json_text('statistics', '$.' ~ field) ~ ' as double))'
        ) }} as {{ name }},
        {%- endfor %}
        cast({{ json_text('statistics', '$.count_conversation_parts') }} as bigint)
            as told_part_count
    from source

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'intercom'

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'intercom'

),

priority_aliases as (

    select raw_value, priority
    from {{ ref('priority_aliases') }}
    where source_system = 'intercom'

),

-- One alias row per raw value (tested on the seeds), one row a conversation and an account.
canonical as (

    select
        'intercom' as source_system,
        typed._account_id as account_id,
        typed.id as ticket_id,
        {{ json_text('typed.contacts', '$.contacts[0].id') }} as customer_id,
        {{ json_text('typed.source', '$.author.id') }} as submitter_id,
        typed.assignee_id,
        typed.team_id,
        typed._account_id as shop,
        coalesce(channel_aliases.channel, 'unknown') as channel,
        'unknown' as type,
        coalesce(priority_aliases.priority, 'none') as priority,
        typed.state_raw as status_raw,
        coalesce(status_aliases.status, 'unknown') as status,
        coalesce({{ json_list('typed.tags', '$.tags') }}, []) as tags,
        false as is_marked_merged,
        accounts_with_parts._account_id is not null as has_messages,
        -- The vendor gives at most 500 parts and may count the opening message as one.
        accounts_with_parts._account_id is not null
        and coalesce(parts.part_count, 0) < 500
        and coalesce(parts.part_count, 0) >= coalesce(typed.told_part_count - 1, 0)
            as is_history_complete,
        typed.statistics is not null as is_response_stated,
        coalesce(
            typed.delivered_as in (
                'automated', 'admin_initiated', 'campaigns_initiated', 'operator_initiated'
            ),
            false
        ) as is_outbound,
        false as is_bot_session,
        cast({{ json_text('typed.statistics', '$.count_assignments') }} as integer)
            as vendor_assignee_station_count,
        cast({{ json_text('typed.statistics', '$.count_reopens') }} as integer)
            as vendor_reopen_count,
        -- The vendor's durations are office hours, whatever its own stamps say.
        cast({{ json_text('typed.statistics', '$.time_to_admin_reply') }} as bigint)
            as vendor_first_reply_business_seconds,
        cast({{ json_text('typed.statistics', '$.time_to_first_close') }} as bigint)
            as vendor_first_resolution_business_seconds,
        cast({{ json_text('typed.statistics', '$.time_to_last_close') }} as bigint)
            as vendor_full_resolution_business_seconds,
        case {{ json_text('typed.sla_applied', '$.sla_status') }}
            when 'hit' then true
            when 'missed' then false
        end as vendor_is_sla_met,
        typed.first_assignment_at as vendor_first_assigned_at,
        'open' as stated_first_status,
        typed.first_admin_reply_at as stated_first_response_at,
        typed.first_close_at as stated_first_solved_at,
        typed.last_close_at as stated_last_solved_at,
        typed.statistics is not null as has_statistics,
        {{ utc_timestamp('typed.created_at') }} as created_at,
        {{ utc_timestamp('typed.updated_at') }} as updated_at,
        {{ utc_timestamp('typed._version_at') }} as version_at,
        typed._file_id as file_id,
        typed._record_no as record_no
    from typed
    left join status_aliases on status_aliases.raw_value = lower(typed.state_raw)
    left join channel_aliases on channel_aliases.raw_value = typed.source_type
    left join priority_aliases on priority_aliases.raw_value = lower(typed.priority)
    left join accounts_with_parts on accounts_with_parts._account_id = typed._account_id
    left join parts
        on
            parts._account_id = typed._account_id
            and parts.conversation_id = typed.id

)

-- Without its parts nobody knows whether a conversation was snoozed before it was closed.
select
    * exclude (has_statistics) replace (
        case when is_history_complete then stated_first_status end as stated_first_status
    ),
    not is_history_complete as is_history_derived,
    is_history_complete or has_statistics as is_first_solve_known
from canonical
