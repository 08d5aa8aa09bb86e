-- Whole years, so that a period at the edge of the data has all of its days.
with

bounds as (

    select
        date_trunc('year', min(first_date)) as first_day,
        date_trunc('year', max(as_of_date)) + interval 1 year as day_after_last
    from {{ ref('int_accounts__as_of') }}

),

days as (

    select cast(unnest(range(first_day, day_after_last, interval 1 day)) as date) as date_day
    from (select cast(first_day as timestamp) as first_day, day_after_last from bounds) as bounds

)

select
    date_day,
    cast(date_trunc('week', date_day) as date) as week_start,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(date_trunc('quarter', date_day) as date) as quarter_start,
    cast(date_trunc('year', date_day) as date) as year_start,
    cast(isodow(date_day) as integer) as weekday_no,
    isodow(date_day) > 5 as is_weekend
from days
order by date_day
