{#- One end of the 95 % Wilson interval of a share; null without a base. -#}
{% macro wilson_bound(numerator, denominator, side) %}
    {%- set z = 1.959963984540054 -%}
    {%- set n = "nullif(cast(" ~ denominator ~ " as double), 0)" -%}
    {%- set share = numerator ~ " / " ~ n -%}
    (
        {{ share }} + {{ z * z / 2 }} / {{ n }}
        {{ "-" if side == 'low' else "+" }} {{ z }} * sqrt(
            ({{ share }} * (1 - {{ share }}) + {{ z * z / 4 }} / {{ n }}) / {{ n }}
        )
    ) / (1 + {{ z * z }} / {{ n }})
{%- endmacro %}
