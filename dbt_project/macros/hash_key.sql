{#- A surrogate key: text, stable across runs and engines; null when a part is null. No id holds
    the separator. -#}
{% macro hash_key(columns) %}
    {{- "md5(" ~ columns | join(" || '|' || ") ~ ")" -}}
{% endmacro %}
