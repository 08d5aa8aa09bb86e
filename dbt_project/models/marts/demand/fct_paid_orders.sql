with

orders as (

    select *
    from {{ ref('int_orders__unioned') }}
    where paid_at is not null and not is_cancellation

),

agents as (

    select source_system, account_id, agent_id
    from {{ ref('int_agents__unioned') }}
    where not is_bot

),

shops as (

    select distinct shop
    from {{ ref('int_tickets__classified') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        coalesce(nullif(first_response_agent_id, 'unknown'), assignee_id) as agent_id,
        coalesce(public_agent_message_count > 0, first_response_at is not null) as is_handled
    from {{ ref('int_tickets__classified') }}

),

-- Of the handled tickets of an order the one that names it, else the nearest in time.
handled as (

    select
        links.order_key,
        tickets.ticket_key,
        tickets.ticket_id,
        tickets.source_system,
        tickets.account_id,
        tickets.agent_id
    from {{ ref('int_order_tickets__linked') }} as links
    inner join tickets on tickets.ticket_key = links.ticket_key
    where tickets.is_handled
    qualify row_number() over (
        partition by links.order_key
        order by links.link_type desc, links.gap_seconds asc, links.ticket_key asc
    ) = 1

)

-- At most one agent, one shop of a desk and one handled ticket an order.
select
    orders.order_key,
    orders.order_id,
    orders.source_system,
    orders.account_id,
    orders.shop,
    case when shops.shop is not null then orders.shop else 'unknown' end as desk_shop,
    handled.ticket_key,
    coalesce(handled.ticket_id, 'none') as ticket_id,
    case
        when agents.agent_id is not null then orders.source_system
        else handled.source_system
    end as agent_source_system,
    case when agents.agent_id is not null then orders.account_id else handled.account_id end
        as agent_account_id,
    coalesce(agents.agent_id, handled.agent_id, 'unknown') as agent_id,
    agents.agent_id is not null or handled.ticket_key is not null as is_handled,
    coalesce(orders.paid_amount > 0 and orders.refund_amount >= orders.paid_amount, false)
        as is_fully_refunded,
    {{ local_date('orders.paid_at') }} as paid_date,
    orders.paid_at
from orders
left join agents
    on
        agents.source_system = orders.source_system
        and agents.account_id = orders.account_id
        and agents.agent_id = orders.agent_id
left join shops on shops.shop = orders.shop
left join handled on handled.order_key = orders.order_key
order by orders.paid_at, orders.order_key
