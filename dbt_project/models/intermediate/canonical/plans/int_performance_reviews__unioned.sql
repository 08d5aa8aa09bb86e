{{ config(materialized='view') }}

select
    source_system,
    account_id,
    employee_no,
    period_kind,
    period_start,
    reviewer,
    held_date,
    signed_date
from {{ ref('stg_targets__reviews') }}
