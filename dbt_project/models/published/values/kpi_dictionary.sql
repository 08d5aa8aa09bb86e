{%- set measures = kpi_measures() %}

with

definitions (
    kpi_id,
    catalogue,
    kpi_group,
    name_en,
    name_zh,
    description,
    formula_en,
    formula_zh,
    unit,
    direction,
    anchor,
    clock,
    population,
    attribution,
    null_rule,
    owner,
    bridge_kind,
    definition
) as (

    values
    {%- for metric in kpi_metrics() %}
    {%- set meta = metric.config.meta %}
    (
        {{ text_literal(metric.name) }},
        {{ text_literal(meta.catalogue) }},
        {{ text_literal(meta.group) }},
        {{ text_literal(metric.label) }},
        {{ text_literal(meta.name_zh) }},
        {{ text_literal(metric.description) }},
        {{ text_literal(meta.formula.en) }},
        {{ text_literal(meta.formula.zh) }},
        {{ text_literal(meta.unit) }},
        {{ text_literal(meta.direction) }},
        {{ text_literal(meta.anchor) }},
        {{ text_literal(meta.clock) }},
        {{ text_literal(meta.population) }},
        {{ text_literal(meta.attribution) }},
        {{ text_literal(meta.null_rule) }},
        {{ text_literal(meta.owner) }},
        {{ text_literal(kpi_bridge_kind(metric, measures)) }},
        {{ text_literal(tojson(kpi_definition(metric, measures))) }}
    ){{ "," if not loop.last }}
    {%- else %}
    ({% for _ in range(18) %}''{{ "," if not loop.last }}{% endfor %})
    {%- endfor %}

)

select
    *,
    {{ build_id() }} as build_id
from definitions
order by kpi_id
