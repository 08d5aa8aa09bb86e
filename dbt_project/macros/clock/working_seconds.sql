{#- W(instant): the working seconds of a calendar from the first day of the clock up to `instant`;
    a business duration is the difference of two W. `day` is the alias of the row of
    int_calendar_days__working for that UTC date; null when there is no such row. -#}
{% macro working_seconds(day, instant) -%}
    {{ day }}.working_seconds_before + coalesce(
        list_sum([
            greatest(
                least({{ second_of_day(instant) }}, stretch.end_second) - stretch.start_second, 0
            )
            for stretch in {{ day }}.stretches
        ]),
        0
    )
{%- endmacro %}
