with

-- A line has no number: the newest file with an order holds all its lines, in the file's order.
newest as (

    select *
    from {{ source('order_lines', 'lines') }}
    qualify
        rank() over (
            partition by _account_id, order_id order by _version_at desc nulls last, _file_id asc
        ) = 1

),

source as (

    select
        *,
        row_number() over (partition by _account_id, order_id order by _record_no) as line_no
    from newest

)

select
    'order_lines' as source_system,
    _account_id as account_id,
    order_id,
    cast(line_no as integer) as line_no,
    product_id,
    product_name,
    customer_id,
    country,
    -- An order that takes another one back: its number begins with C, its quantities are negative.
    order_id ilike 'C%' as is_cancellation,
    cast(quantity as bigint) as quantity,
    cast(unit_price as decimal(18, 4)) as unit_price,
    cast(cast(quantity as bigint) * cast(unit_price as decimal(14, 4)) as decimal(18, 4)) as amount,
    coalesce(currency, 'unknown') as currency,
    {{ utc_timestamp('ordered_at') }} as ordered_at
from source
