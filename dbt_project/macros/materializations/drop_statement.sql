{#- What takes a relation, table or view, out of the way; nothing if there is none. -#}
{% macro drop_statement(relation) %}
    {{- "drop " ~ relation.type ~ " " ~ relation ~ ";" if relation is not none -}}
{% endmacro %}
