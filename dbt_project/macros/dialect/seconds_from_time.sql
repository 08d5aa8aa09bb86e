{#- Seconds from one time of day to the next occurrence of another, below a day; both are text. -#}
{% macro seconds_from_time(from_time, to_time) %}
    {{- return(adapter.dispatch('seconds_from_time', 'helpmart')(from_time, to_time)) -}}
{% endmacro %}

{% macro duckdb__seconds_from_time(from_time, to_time) %}
    {{- "(86400 + datediff('second', cast(" ~ from_time ~ " as time), cast(" ~ to_time
        ~ " as time))) % 86400" -}}
{% endmacro %}
