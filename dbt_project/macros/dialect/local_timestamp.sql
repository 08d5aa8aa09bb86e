{#- The wall-clock time in `zone` of an instant held as a UTC timestamp without zone. -#}
{% macro local_timestamp(instant, zone=none) %}
    {{- return(adapter.dispatch('local_timestamp', 'helpmart')(instant, zone or "'" ~ var('reporting_zone') ~ "'")) -}}
{% endmacro %}

{% macro duckdb__local_timestamp(instant, zone) %}
    {{- "timezone(" ~ zone ~ ", make_timestamptz(epoch_us(" ~ instant ~ ")))" -}}
{% endmacro %}
