with

numbered as (

    select
        *,
        row_number() over (
            partition by account_id, ticket_id order by started_at, session_id
        ) as session_no
    from {{ ref('stg_qiyu__sessions') }}

),

holders as (

    select
        account_id,
        ticket_id,
        session_no,
        1 as seq_minor,
        'team' as event_type,
        team_id as new_value,
        started_at as event_at
    from numbered
    where team_id is not null

    union all

    select
        account_id,
        ticket_id,
        session_no,
        2 as seq_minor,
        'assignee' as event_type,
        agent_id as new_value,
        started_at as event_at
    from numbered
    where agent_id is not null and not is_bot_session

)

select
    'qiyu' as source_system,
    account_id,
    ticket_id,
    cast(session_no as hugeint) as seq_major,
    cast(seq_minor as integer) as seq_minor,
    event_type,
    cast(null as text) as actor_id,
    lag(new_value) over (
        partition by account_id, ticket_id, event_type order by session_no
    ) as old_value,
    new_value,
    true as is_derived,
    event_at
from holders
