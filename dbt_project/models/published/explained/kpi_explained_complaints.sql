{{ config(materialized='view') }}
{%- do kpi_depends_on_facts() %}
{%- do kpi_depends_on_composites() %}

{{ kpi_explained('complaints') }}
