{#- An instant that knows its zone, as a UTC timestamp without one, the form of all our stamps. -#}
{% macro utc_wall_time(instant) %}
    {{- return(adapter.dispatch('utc_wall_time', 'helpmart')(instant)) -}}
{% endmacro %}

{% macro duckdb__utc_wall_time(instant) %}
    {{- "make_timestamp(epoch_us(" ~ instant ~ "))" -}}
{% endmacro %}
