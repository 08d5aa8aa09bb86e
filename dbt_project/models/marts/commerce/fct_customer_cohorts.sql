with

orders as (

    select *
    from {{ ref('int_orders__valued') }}
    where buyer_key is not null

),

parameters as (

    select
        cast(max(value) filter (where parameter = 'window_days') as integer) as window_days,
        max(value) filter (where parameter = 'margin_rate') as margin_rate
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'customer_ltv' and channel = '*'

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

firsts as (

    select
        source_system, account_id, shop, buyer_key,
        min(paid_date) as cohort_date,
        max_by(region, (paid_date, order_key)) as region
    from orders
    where is_paid
    group by source_system, account_id, shop, buyer_key

),

-- What was paid in the customer's first year less what was given back in it, by cancellations too.
lives as (

    select
        firsts.source_system,
        firsts.account_id,
        firsts.shop,
        firsts.buyer_key,
        firsts.cohort_date,
        firsts.region,
        parameters.margin_rate,
        firsts.cohort_date + parameters.window_days as window_ends_date,
        count(*) filter (where orders.is_paid) as order_count,
        {{ exact_sum('case when orders.is_paid then orders.paid_amount else 0 end') }}
        - {{ exact_sum('orders.refund_amount') }} as net_amount
    from firsts
    cross join parameters
    inner join orders
        on
            orders.source_system = firsts.source_system
            and orders.account_id = firsts.account_id
            and orders.shop = firsts.shop
            and orders.buyer_key = firsts.buyer_key
            and coalesce(orders.paid_date, orders.created_date) >= firsts.cohort_date
            and coalesce(orders.paid_date, orders.created_date)
            < firsts.cohort_date + parameters.window_days
    group by
        firsts.source_system, firsts.account_id, firsts.shop, firsts.buyer_key, firsts.cohort_date,
        firsts.region, parameters.margin_rate, parameters.window_days

)

select
    {{ hash_key(['lives.source_system', 'lives.account_id', 'lives.shop', 'lives.buyer_key']) }}
        as customer_cohort_key,
    lives.source_system,
    lives.account_id,
    lives.shop,
    lives.buyer_key,
    coalesce(lives.region, 'unknown') as region,
    lives.order_count,
    lives.net_amount,
    lives.margin_rate,
    cast(lives.net_amount * lives.margin_rate as double) as margin_amount,
    lives.window_ends_date <= accounts.as_of_date as is_matured,
    lives.cohort_date
from lives
inner join accounts
    on
        accounts.source_system = lives.source_system
        and accounts.account_id = lives.account_id
order by lives.cohort_date, customer_cohort_key
