{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'entry_id']) }} as cost_key,
    entry_id,
    cost_type,
    department,
    channel_raw,
    course_id,
    is_service,
    amount,
    currency,
    booked_date
from {{ ref('stg_costs__entries') }}
