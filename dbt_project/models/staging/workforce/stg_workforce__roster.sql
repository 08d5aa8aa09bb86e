with

source as (

    {{ newest_versions(source('workforce', 'roster'), ['employee_no', 'valid_from'], [
        'employee_no',
        'full_name',
        'department',
        'team',
        'level',
        'role',
        'hired_on',
        'left_on',
        'valid_from',
    ]) }}

)

-- A row holds until the next one of the employee, the last one until he or she leaves.
select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    full_name,
    department,
    team as team_name,
    level,
    role,
    cast(hired_on as date) as hired_date,
    cast(left_on as date) as left_date,
    cast(valid_from as date) as valid_from,
    coalesce(
        lead(cast(valid_from as date)) over (
            partition by _account_id, employee_no order by valid_from
        ),
        cast(left_on as date) + 1,
        date '9999-12-31'
    ) as valid_to
from source
