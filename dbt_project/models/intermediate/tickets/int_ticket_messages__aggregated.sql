{{ config(materialized='view') }}

with

messages as (

    select
        ticket_key,
        message_no,
        author_id,
        author_type,
        is_public,
        is_human_reply,
        is_customer_message,
        needs_answer,
        sent_at
    from {{ ref('int_messages__attributed') }}

),

openings as (

    select
        ticket_key,
        min(message_no) filter (where is_human_reply) as first_human_no,
        min(message_no) filter (where is_customer_message) as first_customer_no
    from messages
    where is_human_reply or is_customer_message
    group by ticket_key

),

-- An agent's message that opens the ticket is no reply: whoever writes first asks.
marked as (

    select
        messages.*,
        messages.is_human_reply
        and not (
            messages.message_no = openings.first_human_no
            and messages.message_no < coalesce(openings.first_customer_no, messages.message_no + 1)
        ) as is_reply
    from messages
    left join openings on openings.ticket_key = messages.ticket_key

)

select
    ticket_key,
    min_by(author_id, message_no) filter (where is_reply) as first_response_agent_id,
    count(*) as message_count,
    count(*) filter (where is_customer_message) as customer_message_count,
    count(*) filter (where is_human_reply) as public_agent_message_count,
    count(*) filter (where is_reply) as public_agent_reply_count,
    count(*) filter (where author_type = 'agent' and not is_public) as internal_note_count,
    count(*) filter (where author_type = 'bot' and is_public) as bot_message_count,
    count(distinct author_id) filter (where author_type = 'agent') as agents_touching_count,
    count(*) filter (where is_human_reply) > count(*) filter (where is_reply)
        as is_agent_initiated,
    coalesce(bool_or(is_customer_message and needs_answer), false) as has_question,
    min(sent_at) filter (where is_customer_message) as first_customer_message_at,
    min(sent_at) filter (where is_reply) as first_response_at,
    min(sent_at) filter (where author_type = 'bot' and is_public) as first_bot_message_at,
    max(sent_at) filter (where is_public) as last_public_message_at
from marked
group by ticket_key
