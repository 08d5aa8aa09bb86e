with

orders as (

    select source_system, account_id, shop, buyer_key, order_key, region, paid_amount, paid_date
    from {{ ref('int_orders__valued') }}
    where is_paid and buyer_key is not null

),

parameters as (

    select
        cast(max(value) filter (where kpi_id = 'churn_rate') as integer) as churn_days,
        cast(max(value) filter (where kpi_id = 'repeat_purchase_rate') as integer) as repeat_days,
        cast(max(value) filter (where kpi_id = 'segment_mix') as integer) as segment_days
    from {{ ref('kpi_parameters') }}
    where parameter = 'window_days' and channel = '*'

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

contact_dates as (

    select distinct buyer_key, contact_date
    from {{ ref('int_customer_contacts') }}
    where buyer_key is not null

),

-- The months that an order has a say in: its own and those whose windows look back on it.
months as (

    select distinct
        orders.source_system,
        orders.account_id,
        orders.shop,
        orders.buyer_key,
        cast(
            unnest(
                generate_series(
                    cast(date_trunc('month', orders.paid_date) as timestamp),
                    cast(
                        least(
                            date_trunc('month', accounts.as_of_date),
                            orders.paid_date + greatest(
                                parameters.churn_days,
                                parameters.repeat_days,
                                parameters.segment_days
                            )
                        ) as timestamp
                    ),
                    interval 1 month
                )
            ) as date
        ) as month_date
    from orders
    cross join parameters
    inner join accounts
        on
            accounts.source_system = orders.source_system
            and accounts.account_id = orders.account_id

),

spans as (

    select
        months.*,
        cast(months.month_date + interval 1 month as date) as next_month_date,
        -- The month under way is judged on the day up to which it is known.
        least(
            cast(months.month_date + interval 1 month as date), accounts.as_of_date + 1
        ) as ends_date,
        months.month_date + parameters.churn_days <= accounts.as_of_date as is_matured,
        parameters.churn_days,
        parameters.repeat_days,
        parameters.segment_days
    from months
    cross join parameters
    inner join accounts
        on
            accounts.source_system = months.source_system
            and accounts.account_id = months.account_id

),

judged as (

    select
        spans.*,
        orders.region,
        orders.paid_amount,
        orders.paid_date,
        orders.order_key,
        orders.paid_date < spans.ends_date as is_known,
        orders.paid_date >= spans.month_date and orders.paid_date < spans.next_month_date
            as is_in_month,
        orders.paid_date >= spans.ends_date - spans.repeat_days
        and orders.paid_date < spans.ends_date as is_in_window,
        orders.paid_date >= spans.ends_date - spans.segment_days
        and orders.paid_date < spans.ends_date as is_in_year,
        orders.paid_date >= spans.month_date - spans.churn_days
        and orders.paid_date < spans.month_date as is_before,
        orders.paid_date >= spans.month_date
        and orders.paid_date < spans.month_date + spans.churn_days as is_after
    from spans
    inner join orders
        on
            orders.source_system = spans.source_system
            and orders.account_id = spans.account_id
            and orders.shop = spans.shop
            and orders.buyer_key = spans.buyer_key

),

counted as (

    select
        source_system,
        account_id,
        shop,
        buyer_key,
        month_date,
        any_value(ends_date) as ends_date,
        any_value(repeat_days) as repeat_days,
        any_value(churn_days) as churn_days,
        any_value(is_matured) as is_matured,
        max_by(region, (paid_date, order_key)) filter (where is_known) as region,
        count(*) filter (where is_in_month) as month_order_count,
        {{ exact_sum('paid_amount', where='is_in_month') }} as month_amount,
        count(*) filter (where is_in_window) as window_order_count,
        count(*) filter (where is_in_year) as year_order_count,
        {{ exact_sum('paid_amount', where='is_in_year') }} as year_amount,
        count(*) filter (where is_before) > 0 as is_active_before,
        count(*) filter (where is_after) > 0 as has_ordered_again
    from judged
    group by source_system, account_id, shop, buyer_key, month_date

),

contacted as (

    select
        counted.source_system,
        counted.account_id,
        counted.shop,
        counted.buyer_key,
        counted.month_date,
        bool_or(
            contact_dates.contact_date >= counted.ends_date - counted.repeat_days
            and contact_dates.contact_date < counted.ends_date
        ) as is_contacted,
        bool_or(
            contact_dates.contact_date >= counted.month_date - counted.churn_days
            and contact_dates.contact_date < counted.month_date
        ) as is_contacted_before
    from counted
    inner join contact_dates on contact_dates.buyer_key = counted.buyer_key
    group by
        counted.source_system,
        counted.account_id,
        counted.shop,
        counted.buyer_key,
        counted.month_date

)

-- One row of contacts a customer and month.
select
    counted.source_system,
    counted.account_id,
    counted.shop,
    counted.buyer_key,
    counted.month_date,
    counted.is_matured,
    counted.region,
    counted.month_order_count,
    counted.month_amount,
    counted.window_order_count,
    counted.year_order_count,
    counted.year_amount,
    counted.is_active_before,
    counted.has_ordered_again,
    coalesce(contacted.is_contacted, false) as is_contacted,
    coalesce(contacted.is_contacted_before, false) as is_contacted_before
from counted
left join contacted
    on
        contacted.source_system = counted.source_system
        and contacted.account_id = counted.account_id
        and contacted.shop = counted.shop
        and contacted.buyer_key = counted.buyer_key
        and contacted.month_date = counted.month_date
where counted.year_order_count > 0 or counted.window_order_count > 0 or counted.is_active_before
