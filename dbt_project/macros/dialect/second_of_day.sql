{#- Whole seconds since UTC midnight. -#}
{% macro second_of_day(instant) %}
    {{- return(adapter.dispatch('second_of_day', 'helpmart')(instant)) -}}
{% endmacro %}

{% macro duckdb__second_of_day(instant) %}
    {{- "(epoch_us(" ~ instant ~ ") // 1000000 % 86400)" -}}
{% endmacro %}
