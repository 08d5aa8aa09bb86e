{#- The KPIs that a setting lists, each with its place there: rows for a CTE of two columns. -#}
{% macro kpis_in_order(kpi_ids) %}
    values
    {%- for kpi_id in kpi_ids %}
    ('{{ kpi_id }}', {{ loop.index }}){{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
