with

source as (

    {{ newest_versions(
        source('targets', 'reviews'),
        ['employee_no', 'period_kind', 'period_start'],
        ['employee_no', 'period_kind', 'period_start', 'reviewer', 'held_on', 'signed_on'],
    ) }}

)

select
    'targets' as source_system,
    _account_id as account_id,
    employee_no,
    case
        when lower(period_kind) in ('month', 'monthly', '月度', '月') then 'month'
        when lower(period_kind) in ('quarter', 'quarterly', '季度', '季') then 'quarter'
        when lower(period_kind) in ('half-year', 'half_year', 'half year', '半年度', '半年')
            then 'half_year'
        else 'other'
    end as period_kind,
    cast(period_start as date) as period_start,
    reviewer,
    cast(held_on as date) as held_date,
    cast(signed_on as date) as signed_date
from source
