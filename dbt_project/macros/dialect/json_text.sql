{#- One scalar out of JSON text; `path` as in '$.source.rel'. -#}
{% macro json_text(json, path) %}
    {{- return(adapter.dispatch('json_text', 'helpmart')(json, path)) -}}
{% endmacro %}

{% macro duckdb__json_text(json, path) %}
    {{- "json_extract_string(" ~ json ~ ", '" ~ path ~ "')" -}}
{% endmacro %}
