{#- Minutes since midnight of a time of day held as text such as 09:30:00. -#}
{% macro minute_of_day(time) %}
    {{- "(cast(split_part(" ~ time ~ ", ':', 1) as integer) * 60"
        ~ " + cast(split_part(" ~ time ~ ", ':', 2) as integer))" -}}
{% endmacro %}
