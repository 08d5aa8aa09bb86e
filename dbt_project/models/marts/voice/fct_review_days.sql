with

reviews as (

    select source_system, account_id, shop, platform, posted_date
    from {{ ref('fct_mentions') }}
    where is_negative and is_service_linked

),

parameters as (

    select
        cast({{ kpi_parameter('negative_reviews', 'baseline_days') }} as integer) as baseline_days

),

accounts as (

    select source_system, account_id, first_date, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

feeds as (

    select distinct source_system, account_id, shop, platform
    from {{ ref('fct_mentions') }}

),

-- The first days of a feed say what was usual before anything was done about it.
baselines as (

    select
        feeds.source_system,
        feeds.account_id,
        feeds.shop,
        feeds.platform,
        accounts.first_date + parameters.baseline_days as begins_date,
        accounts.as_of_date,
        parameters.baseline_days,
        count(reviews.posted_date) as baseline_count
    from feeds
    cross join parameters
    inner join accounts
        on
            accounts.source_system = feeds.source_system
            and accounts.account_id = feeds.account_id
    left join reviews
        on
            reviews.source_system = feeds.source_system
            and reviews.account_id = feeds.account_id
            and reviews.shop = feeds.shop
            and reviews.platform = feeds.platform
            and reviews.posted_date < accounts.first_date + parameters.baseline_days
    group by
        feeds.source_system, feeds.account_id, feeds.shop, feeds.platform, accounts.first_date,
        accounts.as_of_date, parameters.baseline_days

),

days as (

    select
        *,
        cast(
            unnest(
                generate_series(
                    cast(begins_date as timestamp),
                    cast(as_of_date as timestamp) - interval 1 day,
                    interval 1 day
                )
            ) as date
        ) as review_date
    from baselines

),

counted as (

    select source_system, account_id, shop, platform, posted_date, count(*) as review_count
    from reviews
    group by source_system, account_id, shop, platform, posted_date

)

-- One count a platform and day.
select
    days.source_system,
    days.account_id,
    days.shop,
    days.platform,
    cast(coalesce(counted.review_count, 0) as bigint) as review_count,
    days.baseline_count,
    days.baseline_days,
    days.baseline_count / cast(days.baseline_days as double) as expected_count,
    days.review_date
from days
left join counted
    on
        counted.source_system = days.source_system
        and counted.account_id = days.account_id
        and counted.shop = days.shop
        and counted.platform = days.platform
        and counted.posted_date = days.review_date
order by days.review_date, days.source_system, days.account_id, days.shop, days.platform
