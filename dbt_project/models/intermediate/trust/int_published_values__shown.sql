{{ config(materialized='view') }}

-- A value that was not there can't be restated.
select
    kpi_id,
    period_type,
    period_start,
    grain,
    unit_value,
    value,
    n,
    build_id
from {{ ref('stg_helpmart__published_values') }}
where value is not null
