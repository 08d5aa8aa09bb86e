with

costs as (

    select *
    from {{ ref('fct_costs') }}

)

select
    month_date as month_start,
    source_system,
    account_id,
    channel,
    department,
    cost_type,
    course_id,
    is_service,
    {{ exact_sum('amount') }} as operating_cost,
    {{ exact_sum('case when is_service then amount else 0 end') }} as service_cost,
    {{ build_id() }} as build_id
from costs
group by
    month_date, source_system, account_id, channel, department, cost_type, course_id, is_service
order by month_start, source_system, account_id, channel, department, cost_type
