{#- The hour of day, 0 to 23, in the reporting zone of an instant held as a UTC timestamp. -#}
{% macro local_hour(instant, zone=none) %}
    {{- "cast(extract(hour from " ~ local_timestamp(instant, zone) ~ ") as integer)" -}}
{% endmacro %}
