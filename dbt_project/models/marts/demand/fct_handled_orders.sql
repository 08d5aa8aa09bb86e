-- The account is that of the agent, whose ids mean nothing in the account of the order.
select
    order_key,
    order_id,
    agent_source_system as source_system,
    agent_account_id as account_id,
    shop,
    ticket_key,
    ticket_id,
    agent_id,
    is_fully_refunded,
    paid_date,
    paid_at
from {{ ref('fct_paid_orders') }}
where is_handled
order by paid_at, order_key
