{#- W(instant): seconds inside a daily window of `window` (opens_second, closes_second; local time of
    the reporting zone) up to `instant`; a duration on the platform's clock is the difference of two. -#}
{% macro window_seconds(window, instant) -%}
    (
        {{ seconds_between("timestamp '1970-01-01'", local_timestamp(instant)) }} // 86400
        * ({{ window }}.closes_second - {{ window }}.opens_second)
        + greatest(
            least({{ second_of_day(local_timestamp(instant)) }}, {{ window }}.closes_second)
            - {{ window }}.opens_second,
            0
        )
    )
{%- endmacro %}

{#- Whether an instant lies inside the daily window; null without a window. -#}
{% macro is_in_window(window, instant) -%}
    (
        {{ second_of_day(local_timestamp(instant)) }} >= {{ window }}.opens_second
        and {{ second_of_day(local_timestamp(instant)) }} < {{ window }}.closes_second
    )
{%- endmacro %}
