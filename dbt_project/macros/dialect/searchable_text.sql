{#- Text as phrases are searched in it: lower case, nothing but letters and digits, a space around
    each word. So an English phrase is found only as whole words, a Chinese one anywhere. -#}
{% macro searchable_text(column) %}
    {{- return(adapter.dispatch('searchable_text', 'helpmart')(column)) -}}
{% endmacro %}

{% macro duckdb__searchable_text(column) %}
    {{- "' ' || trim(regexp_replace(lower(" ~ column ~ "), '[^\\p{L}\\p{N}]+', ' ', 'g')) || ' '" -}}
{% endmacro %}
