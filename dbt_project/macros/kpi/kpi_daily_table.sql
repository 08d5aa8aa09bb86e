{#- A daily table of the additive measures of some semantic models, by date and dimension. -#}
{% macro kpi_daily_table(dimensions, semantic_models) %}
with

daily as (
    {{ kpi_branches(dimensions, semantic_models) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    {%- for measure in kpi_additive(kpi_measures(semantic_models)) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
{% endmacro %}
