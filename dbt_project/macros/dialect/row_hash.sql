{#- A fast hash for one statement; unlike hash_key it is nothing to store. -#}
{% macro row_hash(columns) %}
    {{- return(adapter.dispatch('row_hash', 'helpmart')(columns)) -}}
{% endmacro %}

{% macro duckdb__row_hash(columns) %}
    {{- "hash(" ~ columns ~ ")" -}}
{% endmacro %}
