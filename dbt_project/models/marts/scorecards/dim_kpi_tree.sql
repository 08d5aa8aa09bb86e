select
    kpi_id,
    driver_kpi_id,
    branch,
    effect,
    sort_no
from {{ ref('kpi_tree') }}
order by kpi_id, sort_no, driver_kpi_id
