{{ config(materialized='view') }}

select
    source_system,
    account_id,
    file_id,
    file_name,
    entity,
    status,
    seen,
    loaded,
    quarantined,
    duplicate,
    skipped,
    run_id,
    received_at,
    {{ local_date('received_at') }} as received_date
from {{ ref('stg_helpmart__files') }}
