{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'order_id']) }} as order_key,
    order_id,
    line_no,
    product_id,
    product_name,
    is_cancellation,
    quantity,
    unit_price,
    amount,
    currency
from {{ ref('stg_order_lines__lines') }}
