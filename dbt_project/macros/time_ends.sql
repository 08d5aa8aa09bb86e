{#- The ends of time of what holds always: no target or version is older or lasts longer. -#}
{% macro beginning_of_time() %} date '2000-01-01' {%- endmacro %}
{% macro end_of_time() %} date '9999-12-31' {%- endmacro %}
