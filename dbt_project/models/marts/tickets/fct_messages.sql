with

messages as (

    select
        *,
        last_value(case when is_human_reply then author_id end ignore nulls) over so_far
            as last_human_id,
        first_value(case when is_human_reply then author_id end ignore nulls) over from_here
            as next_human_id
    from {{ ref('int_messages__attributed') }}
    window
        so_far as (
            partition by ticket_key order by message_no
            rows between unbounded preceding and current row
        ),
        from_here as (
            partition by ticket_key order by message_no
            rows between current row and unbounded following
        )

),

tickets as (

    select
        ticket_key,
        ticket_id,
        shop,
        team_id,
        team_name,
        priority,
        assignee_id,
        exclusion_reason,
        coalesce(customer_message_count > 0, false) as has_customer_message,
        coalesce(public_agent_message_count > 0, false) as has_human_message,
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
    coalesce(
        messages.next_human_id, messages.last_human_id, tickets.assignee_id, 'unknown'
    ) as answering_agent_id,
    tickets.exclusion_reason,
    messages.author_type,
    messages.message_no,
    messages.body_length,
    tickets.in_p2,
    messages.is_public,
    messages.is_human_reply,
    messages.is_customer_message,
    messages.needs_answer,
    tickets.has_customer_message and tickets.has_human_message as is_of_valid_session,
    messages.own_ticket_key != messages.ticket_key as is_from_merged,
    {{ local_date('messages.sent_at') }} as sent_date,
    messages.sent_at
from messages
inner join tickets on tickets.ticket_key = messages.ticket_key
order by messages.sent_at, messages.ticket_key, messages.message_no
