{#- One scalar out of JSON text; `path` as in '$.source.rel'. -#}
{% macro json_text(json, path) %}
    {{- return(adapter.dispatch('json_text', 'helpmart')(json, path)) -}}
{% endmacro %}

{% macro duckdb__json_text(json, path) %}
    {{- "json_extract_string(" ~ json ~ ", '" ~ path ~ "')" -}}
{% endmacro %}

{#- Several scalars out of JSON text in one pass, as a list that counts from 1. -#}
{% macro json_texts(json, paths) %}
    {{- return(adapter.dispatch('json_texts', 'helpmart')(json, paths)) -}}
{% endmacro %}

{% macro duckdb__json_texts(json, paths) %}
    {{- "json_extract_string(" ~ json ~ ", ['" ~ paths | join("', '") ~ "'])" -}}
{% endmacro %}

{#- A JSON array held as text, as a list of texts; null stays null. -#}
{% macro json_list(json, path='$') %}
    {{- return(adapter.dispatch('json_list', 'helpmart')(json, path)) -}}
{% endmacro %}

{% macro duckdb__json_list(json, path) %}
    {{- "json_extract_string(" ~ json ~ ", '" ~ path ~ "[*]')" -}}
{% endmacro %}
