{#- A view of a published table in one language: of each pair <name>_en and <name>_zh the one, called
    <name>. -#}
{% macro kpi_spoken(table, language) %}
{{ config(materialized='view') }}
{%- set left_out, spoken = [], [] -%}
{%- for column in kpi_columns_of(table) if column[-3:] in ('_en', '_zh') -%}
    {%- do left_out.append(column) -%}
    {%- do spoken.append(column[:-3]) if column.endswith('_' ~ language) -%}
{%- endfor %}
select
    * exclude ({{ (left_out or ['build_id']) | join(', ') }})
    {%- for name in spoken %},
    {{ name }}_{{ language }} as {{ name }}
    {%- endfor %}
from {{ ref(table) }}
{% endmacro %}
