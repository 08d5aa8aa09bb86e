{#- The 97.5 % point of the standard normal distribution: 95 % lie between it and its negative. -#}
{% macro normal_quantile() %}{{- return(1.959963984540054) -}}{% endmacro %}

{#- One end of the 95 % Wilson interval of a share; null without a base. -#}
{% macro wilson_bound(numerator, denominator, side) %}
    {%- set z = normal_quantile() | float -%}
    {%- set n = "nullif(cast(" ~ denominator ~ " as double), 0)" -%}
    {%- set share = numerator ~ " / " ~ n -%}
    (
        {{ share }} + {{ z * z / 2 }} / {{ n }}
        {{ "-" if side == 'low' else "+" }} {{ z }} * sqrt(
            ({{ share }} * (1 - {{ share }}) + {{ z * z / 4 }} / {{ n }}) / {{ n }}
        )
    ) / (1 + {{ z * z }} / {{ n }})
{%- endmacro %}
