{#- Standard error of a share of `cases`; one hit and one miss are added, so that a share of 0 or 1
    has an error too. -#}
{% macro rate_error(share, cases) %}
    {%- set drawn = "((" ~ share ~ ") * (" ~ cases ~ ") + 1) / ((" ~ cases ~ ") + 2)" -%}
    sqrt({{ drawn }} * (1 - {{ drawn }}) / nullif({{ cases }}, 0))
{%- endmacro %}
