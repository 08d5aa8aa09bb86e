with

months as (

    select
        *,
        min(month_date) over (partition by source_system, account_id, shop, buyer_key)
            as cohort_month
    from {{ ref('fct_customer_months') }}

),

-- A month whose window has not closed says nothing yet.
judged as (

    select
        cohort_month,
        datediff('month', cohort_month, month_date) as months_since,
        has_ordered_again,
        is_contacted_before
    from months
    where is_active_before and is_matured

),

parts as (

    select cohort_month, months_since, has_ordered_again, 'all' as contact
    from judged

    union all

    select
        cohort_month,
        months_since,
        has_ordered_again,
        if(is_contacted_before, 'contacted', 'not_contacted') as contact
    from judged

)

select
    cohort_month,
    strftime(cohort_month, '%Y-%m') as cohort,
    cast(months_since as integer) as months_since,
    contact,
    count(*) as customers,
    count(*) filter (where has_ordered_again) as customers_retained,
    count(*) filter (where has_ordered_again) / cast(count(*) as double) as retention_rate,
    {{ build_id() }} as build_id
from parts
group by cohort_month, months_since, contact
having count(*) >= {{ var('highlight_least_records') }}
order by cohort_month, months_since, contact
