with

months as (

    select *
    from {{ ref('int_customer_months') }}

),

bands as (

    select
        kind,
        band,
        from_value,
        coalesce(lead(from_value) over (partition by kind order by from_value), 'infinity'::double)
            as to_value
    from {{ ref('customer_bands') }}

)

-- The bands of a kind follow one another without overlap: a customer and month stays one row.
select
    {{ hash_key([
        'months.source_system',
        'months.account_id',
        'months.shop',
        'months.buyer_key',
        'cast(months.month_date as text)',
    ]) }} as customer_month_key,
    months.source_system,
    months.account_id,
    months.shop,
    months.buyer_key,
    coalesce(spending.band, 'unknown') as spending_band,
    coalesce(loyalty.band, 'unknown') as loyalty_band,
    coalesce(months.region, 'unknown') as region,
    months.month_order_count,
    months.month_amount,
    months.window_order_count,
    months.year_order_count,
    months.year_amount,
    months.is_active_before,
    months.has_ordered_again,
    months.is_matured,
    months.is_active_before and months.is_matured and not months.has_ordered_again as is_churned,
    months.window_order_count > 0 as is_buyer,
    months.window_order_count > 1 as is_repeat_buyer,
    months.is_contacted,
    months.is_contacted_before,
    months.month_date
from months
left join bands as spending
    on
        spending.kind = 'spending'
        and months.year_amount >= spending.from_value
        and months.year_amount < spending.to_value
left join bands as loyalty
    on
        loyalty.kind = 'loyalty'
        and months.year_order_count >= loyalty.from_value
        and months.year_order_count < loyalty.to_value
order by months.month_date, customer_month_key
