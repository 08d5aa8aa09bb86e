with

cases as (

    select
        source_system,
        account_id,
        ticket_id,
        max_by(activity, event_no) as status_raw,
        coalesce(max_by(status, event_no) filter (where status is not null), 'new') as status,
        max_by(agent_id, event_no) filter (where status = 'open') as assignee_id,
        min(event_at) as created_at,
        max(event_at) as updated_at,
        max(version_at) as version_at,
        min_by(file_id, event_no) as file_id,
        min_by(record_no, event_no) as record_no
    from {{ ref('stg_event_log__events') }}
    group by source_system, account_id, ticket_id

)

select
    source_system,
    account_id,
    ticket_id,
    assignee_id,
    account_id as shop,
    'unknown' as channel,
    'unknown' as type,
    'none' as priority,
    status_raw,
    status,
    cast([] as text[]) as tags,
    false as is_marked_merged,
    true as is_history_complete,
    true as is_first_solve_known,
    false as is_history_derived,
    false as has_messages,
    false as is_response_stated,
    false as is_outbound,
    false as is_bot_session,
    created_at,
    updated_at,
    version_at,
    file_id,
    record_no
from cases
