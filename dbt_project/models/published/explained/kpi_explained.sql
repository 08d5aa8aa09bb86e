{{ config(materialized='view') }}
{%- do kpi_depends_on_facts() %}

{{ kpi_explained() }}
