{#- Grain: session ticket in which a bot wrote before any human. How it ended is read from messages,
    holders and solves. -#}
{{ config(materialized='view') }}

with

tickets as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key,
        tickets.created_at,
        tickets.response_started_at
    from {{ ref('int_tickets__classified') }} as tickets
    inner join {{ ref('channels') }} as channels on channels.channel = tickets.channel
    where channels.is_session

),

messages as (

    select
        messages.source_system,
        messages.account_id,
        messages.ticket_key,
        messages.author_id,
        messages.author_type,
        messages.sent_at,
        messages.message_no
    from {{ ref('int_messages__attributed') }} as messages
    where messages.is_public

),

agents as (

    select source_system, account_id, agent_id, agent_name
    from {{ ref('int_agents__unioned') }}

),

spoken as (

    select
        source_system,
        account_id,
        ticket_key,
        min_by(author_id, message_no) filter (where author_type = 'bot') as bot_id,
        min(message_no) filter (where author_type = 'bot') as first_bot_no,
        min(message_no) filter (where author_type = 'agent') as first_human_no,
        min(sent_at) filter (where author_type = 'bot') as bot_spoke_at,
        min(sent_at) filter (where author_type = 'agent') as human_replied_at,
        min_by(author_id, message_no) filter (where author_type = 'agent') as human_agent_id
    from messages
    group by source_system, account_id, ticket_key
    having first_bot_no < coalesce(first_human_no, first_bot_no + 1)

),

-- The bot's last word before a human came, or at all.
last_words as (

    select
        messages.ticket_key,
        max(messages.sent_at) filter (where messages.author_type = 'bot') as bot_stopped_at,
        max(messages.sent_at) as last_spoken_at
    from messages
    inner join spoken on spoken.ticket_key = messages.ticket_key
    where messages.message_no < coalesce(spoken.first_human_no, messages.message_no + 1)
    group by messages.ticket_key

),

-- Whoever held the conversation before the bot spoke did not get it from the bot.
assignments as (

    select intervals.ticket_key, min(intervals.started_at) as assigned_at
    from {{ ref('int_ticket_field_intervals') }} as intervals
    inner join spoken on spoken.ticket_key = intervals.ticket_key
    left join {{ ref('int_agents__unioned') }} as agents
        on
            agents.source_system = spoken.source_system
            and agents.account_id = spoken.account_id
            and agents.agent_id = intervals.value
    where
        intervals.field = 'assignee'
        and intervals.value is not null
        and not coalesce(agents.is_bot, false)
        and intervals.started_at >= spoken.bot_spoke_at
    group by intervals.ticket_key

),

handoff_events as (

    select
        {{ hash_key(['source_system', 'account_id', 'ticket_id']) }} as ticket_key,
        min(event_at) as handed_over_at
    from {{ ref('stg_chatwoot__reporting_events') }}
    where name = 'conversation_bot_handoff'
    group by source_system, account_id, ticket_id

),

solves as (

    select
        ticket_key,
        min_by(actor_type, interval_no) as actor_type,
        min(started_at) as solved_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_solve
    group by ticket_key

),

silence as (

    select {{ limit_of('bot_silent_close_rate', 'chat') }} as seconds
    from {{ ref('kpi_thresholds') }}

),

-- A ticket has one row in each of these, an agent one in its account.
joined as (

    select
        spoken.source_system,
        spoken.account_id,
        spoken.ticket_key,
        coalesce(agents.agent_name, spoken.bot_id, 'unknown') as bot_name,
        tickets.created_at as started_at,
        solves.solved_at,
        solves.actor_type as solver_type,
        {{ seconds_between('last_words.last_spoken_at', 'solves.solved_at') }} >= silence.seconds
            as is_silent,
        spoken.human_replied_at,
        spoken.human_agent_id,
        -- A conversation that a bot settled and the customer took up again is handed over then.
        case
            when tickets.response_started_at > tickets.created_at then tickets.response_started_at
            else coalesce(
                handoff_events.handed_over_at,
                case
                    when
                        assignments.assigned_at <= coalesce(
                            spoken.human_replied_at, assignments.assigned_at
                        )
                        then assignments.assigned_at
                end,
                case when spoken.human_replied_at is not null then last_words.bot_stopped_at end
            )
        end as handed_over_at
    from spoken
    inner join tickets on tickets.ticket_key = spoken.ticket_key
    inner join last_words on last_words.ticket_key = spoken.ticket_key
    cross join silence
    left join assignments on assignments.ticket_key = spoken.ticket_key
    left join handoff_events on handoff_events.ticket_key = spoken.ticket_key
    left join solves on solves.ticket_key = spoken.ticket_key
    left join agents
        on
            agents.source_system = spoken.source_system
            and agents.account_id = spoken.account_id
            and agents.agent_id = spoken.bot_id

)

select
    source_system,
    account_id,
    ticket_key,
    bot_name,
    case
        when handed_over_at <= coalesce(solved_at, handed_over_at) then 'handover'
        when solved_at is null then 'unknown'
        when solver_type = 'customer' and not is_silent then 'customer'
        when is_silent then 'silence'
        when solver_type = 'bot' then 'bot'
        else solver_type
    end as ended_by,
    cast(null as boolean) as is_confirmed_solved,
    coalesce(solver_type in ('bot', 'customer'), false) as is_judged_solved,
    started_at,
    case
        when handed_over_at <= coalesce(solved_at, handed_over_at) then handed_over_at
        else solved_at
    end as ended_at,
    handed_over_at,
    human_replied_at,
    human_agent_id
from joined
