{#- Grain: solved ticket. The first time that an agent came back to the customer unasked: a public
    message on the ticket after its last solve that no customer message preceded, or a ticket that
    an agent began for the same customer. -#}
{{ config(materialized='view') }}

with

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        customer_key,
        created_at,
        last_solved_at,
        in_p2,
        in_p5,
        is_agent_initiated
    from {{ ref('int_tickets__classified') }}

),

solved as (

    select *
    from tickets
    where in_p5 and last_solved_at is not null

),

messages as (

    select ticket_key, is_human_reply, is_customer_message, sent_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply or is_customer_message

),

on_ticket as (

    select
        solved.ticket_key,
        min(messages.sent_at) filter (where messages.is_human_reply) as agent_at,
        min(messages.sent_at) filter (where messages.is_customer_message) as customer_at
    from solved
    inner join messages
        on
            messages.ticket_key = solved.ticket_key
            and messages.sent_at > solved.last_solved_at
    group by solved.ticket_key

),

outbound as (

    select customer_key, created_at
    from tickets
    where
        in_p2
        and is_agent_initiated
        and customer_key != {{ hash_key(['source_system', 'account_id', "'unknown'"]) }}

),

-- The first one after the solve; an as-of join finds at most one.
by_ticket as (

    select solved.ticket_key, outbound.created_at as outbound_at
    from solved
    asof left join outbound
        on
            outbound.customer_key = solved.customer_key
            and outbound.created_at > solved.last_solved_at

)

select
    by_ticket.ticket_key,
    least(
        case
            when coalesce(on_ticket.agent_at < on_ticket.customer_at, true)
                then on_ticket.agent_at
        end,
        by_ticket.outbound_at
    ) as followed_up_at
from by_ticket
left join on_ticket on on_ticket.ticket_key = by_ticket.ticket_key
