{#- Several scalars out of JSON text in one pass, as a list that counts from 1. -#}
{% macro json_texts(json, paths) %}
    {{- return(adapter.dispatch('json_texts', 'helpmart')(json, paths)) -}}
{% endmacro %}

{% macro duckdb__json_texts(json, paths) %}
    {{- "json_extract_string(" ~ json ~ ", ['" ~ paths | join("', '") ~ "'])" -}}
{% endmacro %}
