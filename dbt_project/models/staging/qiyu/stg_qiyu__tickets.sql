with

chains as (

    select
        source_system,
        account_id,
        ticket_id,
        min_by(customer_id, started_at) as customer_id,
        max_by(agent_id, started_at) as assignee_id,
        max_by(team_id, started_at) as team_id,
        min_by(from_type, started_at) as from_type,
        min_by(category, started_at) as category,
        max_by(status_raw, started_at) as status_raw,
        bool_and(is_bot_session) as is_bot_session,
        bool_or(ended_at is null) as is_running,
        sum(staff_message_count) filter (where not is_bot_session) as reply_count,
        min(started_at) as created_at,
        max(ended_at) as ended_at,
        min(first_replied_at) filter (where not is_bot_session) as first_replied_at,
        max(version_at) as version_at,
        min_by(file_id, started_at) as file_id,
        min_by(record_no, started_at) as record_no
    from {{ ref('stg_qiyu__sessions') }}
    group by source_system, account_id, ticket_id

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'qiyu'

),

settled as (

    select
        *,
        case
            when is_running or status_raw = '2' then 'open'
            when status_raw = '1' then 'solved'
            else 'closed'
        end as status
    from chains

)

-- One alias row per raw value (tested on the seed): a chain stays one row.
select
    settled.source_system,
    settled.account_id,
    settled.ticket_id,
    settled.customer_id,
    settled.assignee_id,
    settled.team_id,
    settled.account_id as shop,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    'unknown' as type,
    settled.category,
    'none' as priority,
    settled.status_raw,
    settled.status,
    cast([] as text[]) as tags,
    false as is_marked_merged,
    true as is_history_complete,
    true as is_first_solve_known,
    true as is_history_derived,
    false as has_messages,
    true as is_response_stated,
    false as is_outbound,
    settled.is_bot_session,
    cast(settled.reply_count as integer) as vendor_reply_count,
    'open' as stated_first_status,
    settled.first_replied_at as stated_first_response_at,
    case when settled.status = 'solved' then settled.ended_at end as stated_first_solved_at,
    case when settled.status = 'solved' then settled.ended_at end as stated_last_solved_at,
    case when settled.status = 'closed' then settled.ended_at end as stated_closed_at,
    settled.created_at,
    coalesce(settled.ended_at, settled.created_at) as updated_at,
    settled.version_at,
    settled.file_id,
    settled.record_no
from settled
left join channel_aliases on channel_aliases.raw_value = settled.from_type
