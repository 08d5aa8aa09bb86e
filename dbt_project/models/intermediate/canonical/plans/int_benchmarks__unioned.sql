{{ config(materialized='view') }}

select
    source_system,
    account_id,
    kpi_id,
    set_name,
    member,
    value,
    unit,
    origin,
    as_of_date
from {{ ref('stg_targets__benchmarks') }}
