{#- Whole elapsed seconds, null when either end is null. -#}
{% macro seconds_between(from_at, to_at) %}
    {{- return(adapter.dispatch('seconds_between', 'helpmart')(from_at, to_at)) -}}
{% endmacro %}

{% macro duckdb__seconds_between(from_at, to_at) %}
    {{- "datesub('second', " ~ from_at ~ ", " ~ to_at ~ ")" -}}
{% endmacro %}
