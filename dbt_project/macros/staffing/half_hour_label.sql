{#- The time of day at which a half hour (0 to 47) begins, as 09:30. -#}
{% macro half_hour_label(half_hour) -%}
    strftime(timestamp '2000-01-01' + to_minutes(cast(30 * {{ half_hour }} as integer)), '%H:%M')
{%- endmacro %}
