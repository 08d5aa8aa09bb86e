{#- One number that sorts like (instant, major, minor): 12 bits for minor, 64 for major. -#}
{% macro event_sequence(instant, major, minor) %}
    {{- return(adapter.dispatch('event_sequence', 'helpmart')(instant, major, minor)) -}}
{% endmacro %}

{% macro duckdb__event_sequence(instant, major, minor) %}
    {{- "cast(epoch_us(" ~ instant ~ ") // 1000000 as hugeint) * 75557863725914323419136"
        ~ " + cast(" ~ major ~ " as hugeint) * 4096 + least(" ~ minor ~ ", 4095)" -}}
{% endmacro %}
