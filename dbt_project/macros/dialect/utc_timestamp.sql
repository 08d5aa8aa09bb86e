{#- Text with a zone or offset to a UTC timestamp. A plain cast to timestamp would drop an offset
    such as +02:00 without a word. -#}
{% macro utc_timestamp(text) %}
    {{- return(adapter.dispatch('utc_timestamp', 'helpmart')(text)) -}}
{% endmacro %}

{% macro duckdb__utc_timestamp(text) %}
    {{- "make_timestamp(epoch_us(cast(" ~ text ~ " as timestamptz)))" -}}
{% endmacro %}
