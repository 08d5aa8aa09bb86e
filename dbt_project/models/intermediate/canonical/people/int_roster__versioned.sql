{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'employee_no']) }} as employee_key,
    employee_no,
    full_name,
    department,
    team_name,
    level,
    role,
    hired_date,
    left_date,
    valid_from,
    valid_to
from {{ ref('stg_workforce__roster') }}
