{% macro plus_seconds(instant, seconds) %}
    {{- return(adapter.dispatch('plus_seconds', 'helpmart')(instant, seconds)) -}}
{% endmacro %}

{% macro duckdb__plus_seconds(instant, seconds) %}
    {{- "(" ~ instant ~ " + to_seconds(" ~ seconds ~ "))" -}}
{% endmacro %}
