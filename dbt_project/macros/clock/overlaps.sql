{#- Whether a span (from_at, to_at) meets a stretch of a gapless timeline. A span of no length
    meets exactly the stretch that holds at its instant. Neither end may be null. -#}
{% macro overlaps(span, stretch) -%}
    (
        ({{ stretch }}.from_at <= {{ span }}.from_at and {{ stretch }}.to_at > {{ span }}.from_at)
        or (
            {{ stretch }}.from_at > {{ span }}.from_at and {{ stretch }}.from_at < {{ span }}.to_at
        )
    )
{%- endmacro %}
