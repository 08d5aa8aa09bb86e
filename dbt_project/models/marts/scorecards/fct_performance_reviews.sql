with

reviews as (

    select *
    from {{ ref('int_performance_reviews__unioned') }}
    where period_kind in ('month', 'quarter', 'half_year')

),

-- Reviews are held after their period; until their time is over nobody is late.
reach as (

    select
        max(as_of_date)
        - cast({{ kpi_parameter('review_completion', 'days_to_sign') }} as integer) as due_date
    from {{ ref('int_accounts__as_of') }}

),

kinds (period_kind, months) as (

    values ('month', 1), ('quarter', 3), ('half_year', 6)

),

periods as (

    select
        kinds.period_kind,
        dates.date_day as period_start,
        cast(dates.date_day + kinds.months * interval 1 month as date) as next_period_start
    from kinds
    cross join {{ ref('dim_dates') }} as dates
    cross join reach
    where
        day(dates.date_day) = 1
        and (month(dates.date_day) - 1) % kinds.months = 0
        and dates.date_day + kinds.months * interval 1 month <= reach.due_date

),

-- Without a log of reviews nobody knows whether they are held; with one, nothing before it counts.
logs as (

    select account_id, period_kind, min(period_start) as first_period_start
    from reviews
    group by account_id, period_kind

),

spans as (

    select *
    from {{ ref('int_employee_spans') }}

)

-- Who was employed on the last day of a period is to be reviewed; a review is one row a period.
select
    {{ hash_key(['spans.employee_key', 'periods.period_kind', 'periods.period_start']) }}
        as performance_review_key,
    spans.employee_key as person_key,
    spans.source_system,
    spans.account_id,
    spans.employee_no as agent_id,
    spans.team_name,
    periods.period_kind,
    coalesce(reviews.reviewer, 'unknown') as reviewer,
    reviews.held_date is not null as is_held,
    reviews.signed_date is not null as is_signed,
    periods.period_start as period_date,
    reviews.held_date,
    reviews.signed_date
from periods
inner join logs
    on
        logs.period_kind = periods.period_kind
        and logs.first_period_start <= periods.period_start
inner join spans
    on
        spans.account_id = logs.account_id
        and spans.valid_from < periods.next_period_start
        and periods.next_period_start <= spans.valid_to
left join reviews
    on
        reviews.account_id = spans.account_id
        and reviews.employee_no = spans.employee_no
        and reviews.period_kind = periods.period_kind
        and reviews.period_start = periods.period_start
order by periods.period_start, performance_review_key
