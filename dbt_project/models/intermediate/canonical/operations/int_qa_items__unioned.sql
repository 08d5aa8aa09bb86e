{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'review_id']) }} as review_key,
    item_kind,
    item_no,
    item,
    score
from {{ ref('stg_quality__review_items') }}
