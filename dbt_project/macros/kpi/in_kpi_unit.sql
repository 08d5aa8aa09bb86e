{#- A value of a hand-kept sheet in the KPI's own unit: shares are 0 to 1 there. -#}
{% macro in_kpi_unit(value, unit) -%}
    case when {{ unit }} in ('%', 'percent', '百分比') then {{ value }} / 100 else {{ value }} end
{%- endmacro %}
