select
    source_system,
    account_id,
    file_id,
    file_name,
    entity,
    status,
    run_id,
    cast(seen as bigint) as seen,
    cast(loaded as bigint) as loaded,
    cast(quarantined as bigint) as quarantined,
    cast(duplicate as bigint) as duplicate,
    cast(skipped as bigint) as skipped,
    received_date,
    received_at
from {{ ref('int_files__dated') }}
