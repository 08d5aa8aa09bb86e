with

messages as (

    select *
    from {{ ref('int_messages__unioned') }}

),

tickets as (

    select ticket_key, customer_id, channel
    from {{ ref('int_tickets__unioned') }}

),

agents as (

    select source_system, account_id, agent_id, is_bot
    from {{ ref('int_agents__unioned') }}

),

mergers as (

    select ticket_key, merged_into_key
    from {{ ref('int_ticket_merges__resolved') }}

),

-- One ticket, at most one agent and one merge target a message: no join multiplies. A message
-- whose ticket was never exported is left out.
attributed as (

    select
        messages.source_system,
        messages.account_id,
        coalesce(mergers.merged_into_key, messages.ticket_key) as ticket_key,
        messages.ticket_key as own_ticket_key,
        messages.message_id,
        messages.author_id,
        case
            when messages.is_automated or agents.is_bot then 'bot'
            when messages.stated_author_type is not null then messages.stated_author_type
            when messages.author_id = tickets.customer_id then 'customer'
            when agents.agent_id is not null then 'agent'
            else 'customer'
        end as author_type,
        coalesce(messages.channel, tickets.channel) as channel,
        messages.body_length,
        messages.is_public,
        messages.needs_answer,
        messages.sent_at
    from messages
    inner join tickets on tickets.ticket_key = messages.ticket_key
    left join agents
        on
            agents.source_system = messages.source_system
            and agents.account_id = messages.account_id
            and agents.agent_id = messages.author_id
    left join mergers on mergers.ticket_key = messages.ticket_key

)

select
    *,
    is_public and author_type = 'agent' as is_human_reply,
    is_public and author_type = 'customer' as is_customer_message,
    row_number() over (
        partition by ticket_key
        order by sent_at, try_cast(message_id as hugeint), message_id
    ) as message_no
from attributed
