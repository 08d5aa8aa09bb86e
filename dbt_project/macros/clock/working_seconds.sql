{#- W(instant): the working seconds of a calendar from the first day of the clock up to `instant`;
    a business duration is the difference of two W. `day` is the alias of the row of
    int_calendar_days__working for that UTC date; null when there is no such row. -#}
{% macro working_seconds(day, instant) -%}
    {{ day }}.working_seconds_before + coalesce(
        list_sum(
            list_transform(
                {{ day }}.start_seconds,
                lambda start_second, position: greatest(
                    least({{ second_of_day(instant) }}, {{ day }}.end_seconds[position])
                    - start_second,
                    0
                )
            )
        ),
        0
    )
{%- endmacro %}
