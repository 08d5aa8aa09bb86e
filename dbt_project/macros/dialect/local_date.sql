{#- The business date in the reporting zone of an instant held as a UTC timestamp. -#}
{% macro local_date(instant, zone=none) %}
    {{- "cast(" ~ local_timestamp(instant, zone) ~ " as date)" -}}
{% endmacro %}
