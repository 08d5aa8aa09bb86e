with

customers as (

    select customer_key, identity_hash
    from {{ ref('int_customers__unioned') }}
    where identity_hash is not null

),

-- One customer an order and a ticket.
orders as (

    select
        orders.order_key,
        orders.order_id,
        orders.paid_at,
        customers.identity_hash
    from {{ ref('int_orders__unioned') }} as orders
    left join customers
        on
            customers.customer_key
            = {{ hash_key(['orders.source_system', 'orders.account_id', 'orders.customer_id']) }}
    where orders.paid_at is not null and not orders.is_cancellation

),

tickets as (

    select
        tickets.ticket_key,
        records.external_ref,
        customers.identity_hash,
        tickets.created_at
    from {{ ref('int_tickets__classified') }} as tickets
    inner join {{ ref('int_tickets__unioned') }} as records
        on records.ticket_key = tickets.ticket_key
    left join customers on customers.customer_key = tickets.customer_key
    where tickets.in_p2

),

-- Where messages are not exported, the ticket itself is the only episode.
episodes as (

    select ticket_key, identity_hash, created_at as started_at
    from tickets
    where identity_hash is not null

    union all

    select
        contacts.ticket_key,
        customers.identity_hash,
        contacts.started_at
    from {{ ref('int_contacts') }} as contacts
    inner join tickets on tickets.ticket_key = contacts.ticket_key
    inner join customers on customers.customer_key = contacts.customer_key

),

found as (

    select
        orders.order_key,
        tickets.ticket_key,
        'reference' as link_type,
        abs({{ seconds_between('orders.paid_at', 'tickets.created_at') }}) as gap_seconds
    from orders
    inner join tickets on tickets.external_ref = orders.order_id

    union all

    select
        orders.order_key,
        episodes.ticket_key,
        'customer' as link_type,
        abs({{ seconds_between('orders.paid_at', 'episodes.started_at') }}) as gap_seconds
    from orders
    inner join episodes on episodes.identity_hash = orders.identity_hash
    where
        {{ seconds_between('episodes.started_at', 'orders.paid_at') }}
        between -86400 * {{ kpi_parameter('orders_handled', 'days_after_payment') }}
        and 86400 * {{ kpi_parameter('orders_handled', 'days_before_payment') }}

)

select
    order_key,
    ticket_key,
    max(link_type) as link_type,
    min(gap_seconds) as gap_seconds
from found
group by order_key, ticket_key
