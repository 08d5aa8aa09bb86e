with

messages as (

    select
        ticket_key,
        message_no,
        author_id,
        is_human_reply,
        is_customer_message,
        sent_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply or is_customer_message

),

marked as (

    select
        *,
        is_customer_message
        and coalesce(
            lag(is_human_reply) over (partition by ticket_key order by message_no), true
        ) as opens_turn
    from messages

),

-- Turn 0 is what people wrote before the customer's first message: it answers nothing.
numbered as (

    select
        *,
        count(*) filter (where opens_turn) over (
            partition by ticket_key
            order by message_no
            rows between unbounded preceding and current row
        ) as turn_no
    from marked

),

turns as (

    select
        ticket_key,
        turn_no,
        min_by(author_id, message_no) filter (where is_human_reply) as agent_id,
        count(*) filter (where is_customer_message) as customer_message_count,
        min(sent_at) filter (where is_customer_message) as opened_at,
        min(sent_at) filter (where is_human_reply) as answered_at
    from numbered
    where turn_no > 0
    group by ticket_key, turn_no

)

select
    ticket_key,
    turn_no,
    agent_id,
    customer_message_count,
    opened_at,
    answered_at,
    opened_at as from_at,
    answered_at as to_at
from turns
