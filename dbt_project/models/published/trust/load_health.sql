select
    file_id,
    name,
    source,
    account_id,
    entity,
    status,
    seen,
    loaded,
    quarantined,
    duplicate,
    skipped,
    reasons,
    detail,
    run_id,
    size as size_bytes,
    {{ utc_wall_time('received_at') }} as received_at,
    {{ utc_wall_time('modified_at') }} as modified_at,
    {{ build_id() }} as build_id
from {{ source('helpmart', 'files') }}
order by received_at, name, entity
