{#- A JSON array held as text, as a list of texts; null stays null. -#}
{% macro json_list(json, path='$') %}
    {{- return(adapter.dispatch('json_list', 'helpmart')(json, path)) -}}
{% endmacro %}

{% macro duckdb__json_list(json, path) %}
    {{- "json_extract_string(" ~ json ~ ", '" ~ path ~ "[*]')" -}}
{% endmacro %}
