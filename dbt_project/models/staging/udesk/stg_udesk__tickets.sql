with

sessions as (

    select
        source_system,
        account_id,
        ticket_id,
        min_by(customer_id, started_at) as customer_id,
        max_by(agent_id, started_at) as assignee_id,
        max_by(status_raw, started_at) as status_raw,
        bool_or(ended_at is null) as is_running,
        min(started_at) as created_at,
        max(ended_at) as ended_at,
        max(version_at) as version_at,
        min_by(file_id, started_at) as file_id,
        min_by(record_no, started_at) as record_no
    from {{ ref('stg_udesk__sessions') }}
    group by source_system, account_id, ticket_id

)

select
    source_system,
    account_id,
    ticket_id,
    customer_id,
    assignee_id,
    account_id as shop,
    'chat' as channel,
    'unknown' as type,
    'none' as priority,
    status_raw,
    case when is_running then 'open' else 'closed' end as status,
    cast([] as text[]) as tags,
    false as is_marked_merged,
    true as is_history_complete,
    true as is_first_solve_known,
    true as is_history_derived,
    false as has_messages,
    false as is_response_stated,
    false as is_outbound,
    false as is_bot_session,
    'open' as stated_first_status,
    case when not is_running then ended_at end as stated_closed_at,
    created_at,
    coalesce(ended_at, created_at) as updated_at,
    version_at,
    file_id,
    record_no
from sessions
