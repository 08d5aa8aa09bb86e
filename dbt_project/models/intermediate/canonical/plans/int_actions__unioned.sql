{{ config(materialized='view') }}

select
    source_system,
    account_id,
    action_id,
    kpi_id,
    action,
    owner,
    team_name,
    opened_date,
    due_date,
    closed_date
from {{ ref('stg_targets__actions') }}
