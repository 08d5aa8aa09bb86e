{#- Seconds from one whole second to another, so that parts of a span add up; null when either end
    is null. -#}
{% macro seconds_between(from_at, to_at) %}
    {{- return(adapter.dispatch('seconds_between', 'helpmart')(from_at, to_at)) -}}
{% endmacro %}

{% macro duckdb__seconds_between(from_at, to_at) %}
    {{- "datediff('second', " ~ from_at ~ ", " ~ to_at ~ ")" -}}
{% endmacro %}
