with

orders as (

    select
        *,
        {{ local_date('created_at') }} as created_date,
        {{ local_date('paid_at') }} as paid_date
    from {{ ref('int_orders__unioned') }}

),

rates as (

    select
        currency,
        rate,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by currency order by valid_from), date '9999-12-31'
        ) as valid_to
    from {{ ref('currency_rates') }}

),

-- The rates of a currency follow one another without overlap: an order stays one row. One in a
-- currency without a rate has no amount, rather than a wrong one.
valued as (

    select
        orders.source_system,
        orders.account_id,
        orders.order_key,
        orders.order_id,
        orders.customer_id,
        orders.shop,
        orders.agent_id,
        orders.status,
        orders.currency,
        orders.region,
        orders.is_cancellation,
        orders.paid_at is not null and not orders.is_cancellation as is_paid,
        orders.paid_at is not null
        and not orders.is_cancellation
        and orders.paid_amount > 0
        and coalesce(orders.refund_amount, 0) >= orders.paid_amount as is_fully_refunded,
        cast(orders.paid_amount * rates.rate as double) as paid_amount,
        cast(coalesce(orders.refund_amount, 0) * rates.rate as double) as refund_amount,
        orders.created_date,
        orders.paid_date,
        orders.created_at,
        orders.paid_at
    from orders
    left join rates
        on
            rates.currency = orders.currency
            and orders.created_date >= rates.valid_from
            and orders.created_date < rates.valid_to

)

-- A guest is nobody who could come back.
select
    *,
    {{ hash_key(['customer_id']) }} as buyer_key
from valued
