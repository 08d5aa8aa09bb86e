{{ config(materialized='view') }}

select
    run_id,
    border,
    table_name,
    check_name,
    severity,
    is_success,
    checked_at,
    {{ local_date('checked_at') }} as checked_date
from {{ ref('stg_helpmart__checks') }}
