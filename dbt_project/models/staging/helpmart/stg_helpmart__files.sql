select
    source as source_system,
    account_id,
    file_id,
    name as file_name,
    entity,
    status,
    seen,
    loaded,
    quarantined,
    duplicate,
    skipped,
    run_id,
    {{ utc_wall_time('received_at') }} as received_at
from {{ source('helpmart', 'files') }}
