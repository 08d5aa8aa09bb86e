with

stated as (

    select *
    from {{ ref('int_bot_sessions__stated') }}

),

-- Of these the export says only that no human took part.
marked as (

    select
        source_system,
        account_id,
        ticket_key,
        'unknown' as bot_name,
        'unknown' as ended_by,
        cast(null as boolean) as is_confirmed_solved,
        status = 'solved' as is_judged_solved,
        created_at as started_at,
        coalesce(stated_last_solved_at, stated_closed_at) as ended_at,
        cast(null as timestamp) as handed_over_at,
        cast(null as timestamp) as human_replied_at,
        cast(null as text) as human_agent_id
    from {{ ref('int_tickets__unioned') }}
    where
        is_bot_session
        and ticket_key not in (select stated.ticket_key from stated)

),

observed as (

    select *
    from {{ ref('int_bot_sessions__observed') }}
    where
        ticket_key not in (select stated.ticket_key from stated)
        and ticket_key not in (select marked.ticket_key from marked)

),

unioned as (

    select *
    from stated

    union all

    select *
    from marked

    union all

    select *
    from observed

)

select
    source_system,
    account_id,
    ticket_key,
    bot_name,
    ended_by,
    is_confirmed_solved,
    is_judged_solved,
    started_at,
    ended_at,
    handed_over_at,
    human_replied_at,
    human_agent_id
from unioned
