{#- A surrogate key: text, stable across runs; null when a part is null. No id holds the separator. -#}
{% macro hash_key(columns) %}
    {{- short_hash(columns | join(" || '|' || ")) -}}
{% endmacro %}
