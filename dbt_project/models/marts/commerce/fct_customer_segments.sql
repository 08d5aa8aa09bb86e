with

customers as (

    select
        source_system, account_id, shop, month_date, buyer_key, spending_band, loyalty_band, region
    from {{ ref('fct_customer_months') }}
    where year_order_count > 0

),

placed as (

    select
        source_system, account_id, shop, month_date, 'spending' as segment_kind,
        spending_band as segment
    from customers

    union all

    select
        source_system, account_id, shop, month_date, 'loyalty' as segment_kind,
        loyalty_band as segment
    from customers

    union all

    select
        source_system, account_id, shop, month_date, 'region' as segment_kind,
        'region_' || region as segment
    from customers

),

months as (

    select source_system, account_id, shop, month_date, count(*) as customers_beside
    from customers
    group by source_system, account_id, shop, month_date

),

segments as (

    select distinct segment_kind, segment
    from placed

),

counted as (

    select source_system, account_id, shop, month_date, segment_kind, segment, count(*) as customers
    from placed
    group by source_system, account_id, shop, month_date, segment_kind, segment

)

-- Every segment has a row in every month, an empty one too: the customers beside it are the base
-- of its share.
select
    months.source_system,
    months.account_id,
    months.shop,
    segments.segment_kind,
    segments.segment,
    cast(coalesce(counted.customers, 0) as bigint) as customer_count,
    months.customers_beside,
    months.month_date
from months
cross join segments
left join counted
    on
        counted.source_system = months.source_system
        and counted.account_id = months.account_id
        and counted.shop = months.shop
        and counted.month_date = months.month_date
        and counted.segment_kind = segments.segment_kind
        and counted.segment = segments.segment
order by
    months.month_date, months.source_system, months.account_id, months.shop, segments.segment
