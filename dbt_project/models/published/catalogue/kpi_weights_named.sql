with

weights as (

    select *
    from {{ ref('kpi_weights') }}

),

definitions as (

    select kpi_id, name_en, name_zh
    from {{ ref('kpi_dictionary') }}

),

perspectives as (

    select member, name_en, name_zh, sort_no
    from {{ ref('dim_labels') }}
    where kind = 'perspective'

)

-- A KPI has one definition, a perspective one name, so that weights stay one row.
select
    weights.weight_key,
    weights.scorecard,
    weights.kpi_id,
    coalesce(definitions.name_en, weights.kpi_id) as kpi_name_en,
    coalesce(definitions.name_zh, weights.kpi_id) as kpi_name_zh,
    coalesce(perspectives.name_en, weights.perspective) as perspective_name_en,
    coalesce(perspectives.name_zh, weights.perspective) as perspective_name_zh,
    cast(perspectives.sort_no as integer) as perspective_no,
    weights.weight,
    weights.status,
    weights.valid_from,
    nullif(weights.valid_to, date '9999-12-31') as valid_to,
    {{ build_id() }} as build_id
from weights
left join definitions
    on definitions.kpi_id = weights.kpi_id
left join perspectives
    on perspectives.member = weights.perspective
