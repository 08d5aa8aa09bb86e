{#- The 97.5 % point of Student's distribution by its degrees of freedom: Cornish and Fisher's
    expansion around the normal point, off by under 1 % from 5 degrees on. -#}
{% macro student_quantile(freedom) %}
    {%- set z = normal_quantile() | float -%}
    ({{ z }} + {{ (z ** 3 + z) / 4 }} / nullif({{ freedom }}, 0)
    + {{ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 }} / power(nullif({{ freedom }}, 0), 2))
{%- endmacro %}
