with recursive

edges as (

    select kpi_id, driver_kpi_id, effect, sort_no
    from {{ ref('dim_kpi_tree') }}

),

names as (

    select kpi_id, name_en, name_zh
    from {{ ref('kpi_dictionary') }}

),

-- A KPI that drives several stands below each; one that drives nothing stands at the top.
nodes as (

    select distinct
        edges.kpi_id as node,
        'all' as parent,
        edges.kpi_id,
        cast(null as varchar) as effect,
        1 as depth
    from edges
    where edges.kpi_id not in (select drivers.driver_kpi_id from edges as drivers)

    union all

    select
        nodes.node || '/' || edges.driver_kpi_id as node,
        nodes.node as parent,
        edges.driver_kpi_id as kpi_id,
        edges.effect,
        nodes.depth + 1 as depth
    from nodes
    inner join edges on edges.kpi_id = nodes.kpi_id
    -- A loop in the tree ends here.
    where nodes.depth < 8

)

select
    'all' as node,
    cast(null as varchar) as parent,
    cast(null as varchar) as kpi_id,
    'Headline KPIs' as name_en,
    '核心指标' as name_zh,
    cast(null as varchar) as effect,
    0 as depth,
    {{ build_id() }} as build_id

union all

select
    nodes.node,
    nodes.parent,
    nodes.kpi_id,
    case nodes.effect when 'positive' then '+ ' when 'negative' then '− ' else '' end
    || names.name_en as name_en,
    case nodes.effect when 'positive' then '+ ' when 'negative' then '− ' else '' end
    || names.name_zh as name_zh,
    nodes.effect,
    nodes.depth,
    {{ build_id() }} as build_id
from nodes
inner join names on names.kpi_id = nodes.kpi_id
order by depth, node
