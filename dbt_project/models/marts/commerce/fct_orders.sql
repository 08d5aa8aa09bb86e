with

orders as (

    select *
    from {{ ref('int_orders__valued') }}

),

agents as (

    select source_system, account_id, agent_id
    from {{ ref('int_agents__unioned') }}

)

-- One agent a name and account; whom the account never saw as an agent is none of it.
select
    orders.order_key,
    orders.order_id,
    orders.source_system,
    orders.account_id,
    {{ hash_key([
        'orders.source_system',
        'orders.account_id',
        "coalesce(orders.customer_id, 'unknown')",
    ]) }} as customer_key,
    coalesce(orders.buyer_key, 'unknown') as buyer_key,
    orders.shop,
    coalesce(agents.agent_id, 'unknown') as agent_id,
    orders.status,
    orders.currency,
    coalesce(orders.region, 'unknown') as region,
    orders.paid_amount,
    orders.refund_amount,
    orders.is_cancellation,
    orders.is_paid,
    orders.is_fully_refunded,
    orders.buyer_key is not null as is_identified,
    orders.created_date,
    orders.paid_date,
    orders.created_at,
    orders.paid_at
from orders
left join agents
    on
        agents.source_system = orders.source_system
        and agents.account_id = orders.account_id
        and agents.agent_id = orders.agent_id
order by orders.created_at, orders.order_key
