select
    kpi_id,
    headline_no,
    kpi_name_en,
    kpi_name_zh,
    period_start,
    period_name_en,
    period_name_zh,
    unit_value as shop,
    attainment,
    target_status,
    {{ build_id() }} as build_id
from {{ ref('kpi_headlines') }}
where grain = 'shop' and attainment is not null
order by period_start, headline_no, shop
