select
    kpi_id,
    period_type,
    period_start,
    grain,
    unit_value,
    value,
    n,
    build_id
from {{ source('helpmart', 'published_values') }}
