with

company as (

    select *
    from {{ ref('int_targets__unioned') }}

),

employees as (

    select distinct account_id, employee_no, employee_key
    from {{ ref('int_roster__versioned') }}

),

baseline_kinds as (

    select alias, baseline_kind
    from {{ ref('baseline_kind_aliases') }}

),

-- An alias is one kind, an employee number one employee of the account.
own as (

    select
        company.kpi_id,
        company.grain,
        case
            when company.grain = 'total' then 'total'
            else coalesce(employees.employee_key, company.unit_value)
        end as unit_value,
        company.unit,
        {{ in_kpi_unit('company.target_value', 'company.unit') }} as target_value,
        {{ in_kpi_unit('company.baseline_value', 'company.unit') }} as baseline_value,
        coalesce(baseline_kinds.baseline_kind, lower(company.baseline_kind)) as baseline_kind,
        company.owner,
        company.due_date,
        company.account_id as source,
        'company' as status,
        company.valid_from,
        company.valid_to
    from company
    left join employees
        on
            company.grain = 'agent'
            and employees.account_id = company.account_id
            and employees.employee_no = company.unit_value
    left join baseline_kinds
        on baseline_kinds.alias = lower(trim(company.baseline_kind))

)

select *
from own

union all

select
    kpi_id,
    grain,
    unit_value,
    unit,
    target_value,
    baseline_value,
    baseline_kind,
    cast(null as varchar) as owner,
    cast(null as date) as due_date,
    source,
    'seed, unaudited' as status,
    {{ beginning_of_time() }} as valid_from,
    {{ end_of_time() }} as valid_to
from {{ ref('seed_targets') }}
