-- The roster's versions as spans in a team; the last one ends with the day of leaving.
select
    source_system,
    account_id,
    employee_key,
    employee_no,
    coalesce(team_name, 'unknown') as team_name,
    coalesce(department, 'unknown') as department,
    hired_date,
    left_date,
    valid_from,
    least(valid_to, coalesce(left_date + 1, valid_to)) as valid_to,
    row_number() over (partition by employee_key order by valid_from desc) = 1 as is_last
from {{ ref('int_roster__versioned') }}
