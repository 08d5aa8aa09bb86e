{#- The median of the distances from the median, unscaled. -#}
{% macro median_absolute_deviation(expr) %}
    {{- return(adapter.dispatch('median_absolute_deviation', 'helpmart')(expr)) -}}
{% endmacro %}

{% macro duckdb__median_absolute_deviation(expr) %}
    {{- 'mad(' ~ expr ~ ')' -}}
{% endmacro %}
