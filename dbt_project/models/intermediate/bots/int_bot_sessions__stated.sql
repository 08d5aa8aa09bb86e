{#- Grain: ticket with a bot session. Systems that export the bot's sessions as such tell how each
    ended; a chain of sessions is one ticket. -#}
{{ config(materialized='view') }}

with

sessions as (

    select sessions.*, coalesce(reasons.ended_by, 'unknown') as ended_by
    from {{ ref('stg_qiyu__sessions') }} as sessions
    -- One row a source and reason (tested on the seed): a session stays one row.
    left join {{ ref('bot_close_reasons') }} as reasons
        on
            reasons.source_system = sessions.source_system
            and reasons.close_reason = sessions.close_reason

),

bots as (

    select
        source_system,
        account_id,
        ticket_id,
        max_by(coalesce(agent_name, 'unknown'), started_at) as bot_name,
        max_by(ended_by, started_at) as ended_by,
        bool_or(is_confirmed_solved) as is_confirmed_solved,
        max_by(status_raw = '1', started_at) as is_judged_solved,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from sessions
    where is_bot_session
    group by source_system, account_id, ticket_id

),

-- Only what came after the bot; a first answer may have been given by a second person.
people as (

    select
        bots.source_system,
        bots.account_id,
        bots.ticket_id,
        min(sessions.started_at) as started_at,
        min(sessions.first_replied_at) as first_replied_at,
        min_by(sessions.agent_id, sessions.first_replied_at) as agent_id
    from bots
    inner join sessions
        on
            sessions.source_system = bots.source_system
            and sessions.account_id = bots.account_id
            and sessions.ticket_id = bots.ticket_id
            and not sessions.is_bot_session
            and sessions.started_at >= bots.started_at
    group by bots.source_system, bots.account_id, bots.ticket_id

)

-- A chain has one row on either side.
select
    bots.source_system,
    bots.account_id,
    {{ hash_key(['bots.source_system', 'bots.account_id', 'bots.ticket_id']) }} as ticket_key,
    bots.bot_name,
    bots.ended_by,
    bots.is_confirmed_solved,
    coalesce(bots.is_judged_solved, false) as is_judged_solved,
    bots.started_at,
    bots.ended_at,
    coalesce(
        case when bots.ended_by = 'handover' then bots.ended_at end, people.started_at
    ) as handed_over_at,
    people.first_replied_at as human_replied_at,
    people.agent_id as human_agent_id
from bots
left join people
    on
        people.source_system = bots.source_system
        and people.account_id = bots.account_id
        and people.ticket_id = bots.ticket_id
