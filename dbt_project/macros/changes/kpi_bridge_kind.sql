{#- How a KPI's change splits over the members of a grain: a `quotient` of sums into mix, rate, entry
    and exit, a `count` into what each member adds, `none` where members don't add up to the total:
    percentiles, distinct counts, products, and what is made of other KPIs' values. -#}
{% macro kpi_bridge_kind(metric, measures) %}
    {%- set own = kpi_measures_of_metrics([metric], measures) -%}
    {%- set composed = own | selectattr('subject', 'in', ['composite', 'restatements']) | list -%}
    {%- if composed or kpi_additive(own) | length < own | length -%}
        {{- return('none') -}}
    {%- elif metric.type == 'ratio' -%}
        {{- return('quotient') -}}
    {%- elif metric.type == 'simple'
            or modules.re.fullmatch('[\\w\\s+-]+', metric.type_params.expr) -%}
        {{- return('count') -}}
    {%- endif -%}
    {{- return('none') -}}
{% endmacro %}
