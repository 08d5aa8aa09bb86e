{{ config(
    materialized='table_in_parts',
    database=target.database,
    schema='marts',
    contract={'enforced': true},
) }}
{%- do kpi_depends_on_facts() %}

{{ kpi_cells(without=['composite', 'restatements']) }}
