{#- The English name of a date's weekday, a member of the labels' kind weekday. -#}
{% macro weekday_name(local_date) -%}
    strftime({{ local_date }}, '%A')
{%- endmacro %}
