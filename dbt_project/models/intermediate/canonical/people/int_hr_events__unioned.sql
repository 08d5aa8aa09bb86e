{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'employee_no']) }} as employee_key,
    employee_no,
    team_name,
    event_type,
    is_voluntary,
    is_trainee,
    event_date
from {{ ref('stg_workforce__hr_events') }}
