{#- A text from the definitions as a SQL literal. -#}
{% macro text_literal(text) %}
    {{- dbt.string_literal(dbt.escape_single_quotes(text | string)) -}}
{% endmacro %}
