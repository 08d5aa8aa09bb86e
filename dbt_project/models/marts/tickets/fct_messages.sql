with

messages as (

    select *
    from {{ ref('int_messages__attributed') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        shop,
        team_id,
        team_name,
        priority,
        in_p2
    from {{ ref('int_tickets__classified') }}

)

-- A message belongs to one ticket.
select
    {{ hash_key(['messages.source_system', 'messages.account_id', 'messages.message_id']) }}
        as message_key,
    tickets.ticket_key,
    messages.message_id,
    tickets.ticket_id,
    messages.source_system,
    messages.account_id,
    tickets.shop,
    messages.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    case when messages.author_type != 'customer' then coalesce(messages.author_id, 'unknown') end
        as agent_id,
    messages.author_type,
    messages.message_no,
    messages.body_length,
    tickets.in_p2,
    messages.is_public,
    messages.is_human_reply,
    messages.is_customer_message,
    messages.needs_answer,
    messages.own_ticket_key != messages.ticket_key as is_from_merged,
    {{ local_date('messages.sent_at') }} as sent_date,
    messages.sent_at
from messages
inner join tickets on tickets.ticket_key = messages.ticket_key
order by messages.sent_at, messages.ticket_key, messages.message_no
