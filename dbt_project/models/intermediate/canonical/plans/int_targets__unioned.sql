{{ config(materialized='view') }}

select
    source_system,
    account_id,
    kpi_id,
    grain,
    unit_value,
    owner,
    unit,
    target_value,
    baseline_value,
    baseline_kind,
    weight,
    due_date,
    valid_from,
    valid_to
from {{ ref('stg_targets__targets') }}
