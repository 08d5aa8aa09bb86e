with

edges as (

    select kpi_id, driver_kpi_id, branch, effect, sort_no
    from {{ ref('dim_kpi_tree') }}

),

definitions as (

    select kpi_id, name_en, name_zh
    from {{ ref('kpi_dictionary') }}

)

-- A KPI has one definition, so that each driver stays one row.
select
    edges.kpi_id,
    edges.driver_kpi_id,
    coalesce(driven.name_en, edges.kpi_id) as kpi_name_en,
    coalesce(driven.name_zh, edges.kpi_id) as kpi_name_zh,
    coalesce(drivers.name_en, edges.driver_kpi_id) as driver_name_en,
    coalesce(drivers.name_zh, edges.driver_kpi_id) as driver_name_zh,
    edges.branch,
    edges.effect,
    edges.sort_no,
    {{ build_id() }} as build_id
from edges
left join definitions as driven
    on driven.kpi_id = edges.kpi_id
left join definitions as drivers
    on drivers.kpi_id = edges.driver_kpi_id
