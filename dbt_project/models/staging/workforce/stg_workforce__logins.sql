with

source as (

    {{ newest_versions(
        source('workforce', 'logins'),
        ['employee_no', 'system', 'account', 'login', 'valid_from'],
        ['employee_no', 'system', 'account', 'login', 'valid_from', 'valid_to'],
    ) }}

)

select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    lower(system) as login_system,
    coalesce(account, 'default') as login_account_id,
    login,
    coalesce(cast(valid_from as date), date '0001-01-01') as valid_from,
    coalesce(cast(valid_to as date) + 1, date '9999-12-31') as valid_to
from source
