with

spans as (

    select *
    from {{ ref('int_employee_spans') }}
    where valid_from < valid_to

),

reach as (

    select min(first_date) as first_date, max(as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }}

),

months as (

    select
        cast(months.month_start as date) as month_start,
        least(cast(months.month_start + interval 1 month as date), reach.as_of_date + 1)
            as next_month_start
    from reach
    cross join
        unnest(
            generate_series(
                cast(date_trunc('month', reach.first_date) as timestamp),
                cast(date_trunc('month', reach.as_of_date) as timestamp),
                interval 1 month
            )
        ) as months (month_start)

),

leaving as (

    select
        employee_key,
        event_date,
        is_voluntary,
        is_trainee
    from {{ ref('int_hr_events__unioned') }}
    where event_type = 'left'
    qualify row_number() over (partition by employee_key order by event_date desc) = 1

),

placed as (

    select
        spans.*,
        months.month_start,
        months.next_month_start,
        spans.valid_from <= months.month_start as is_opening,
        coalesce(
            spans.is_last
            and spans.left_date >= months.month_start
            and spans.left_date < months.next_month_start,
            false
        ) as is_leaver,
        {{ kpi_parameter('agent_attrition_rate', 'trainee_days') }} as trainee_days
    from spans
    inner join months
        on
            spans.valid_from < months.next_month_start
            and months.month_start < spans.valid_to

)

-- One leaving an employee; the sheet of events says why, tenure else who is a trainee.
select
    {{ hash_key(['placed.employee_key', 'placed.valid_from', 'placed.month_start']) }}
        as headcount_key,
    placed.employee_key as person_key,
    placed.source_system,
    placed.account_id,
    placed.employee_no as agent_id,
    placed.team_name,
    placed.department,
    case
        when coalesce(
            case when placed.is_leaver then leaving.is_trainee end,
            placed.month_start - placed.hired_date < placed.trainee_days,
            false
        ) then 'trainee'
        else 'seasoned'
    end as seniority,
    least(placed.valid_to, placed.next_month_start)
    - greatest(placed.valid_from, placed.month_start) as employed_days,
    cast(
        least(placed.valid_to, placed.next_month_start)
        - greatest(placed.valid_from, placed.month_start) as double
    ) / (placed.next_month_start - placed.month_start) as headcount,
    placed.is_opening,
    placed.is_leaver,
    placed.is_leaver and coalesce(leaving.is_voluntary, false) as is_voluntary_leaver,
    placed.is_leaver and not coalesce(leaving.is_voluntary, true) as is_involuntary_leaver,
    placed.month_start as month_date
from placed
left join leaving
    on leaving.employee_key = placed.employee_key
order by placed.month_start, headcount_key
