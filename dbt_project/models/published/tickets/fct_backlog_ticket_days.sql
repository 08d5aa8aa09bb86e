{{ config(materialized='view') }}

-- Unfolded when somebody asks, never stored: percentiles of age need the single tickets of a day,
-- all else about the backlog comes from the deltas in fct_backlog_days.
with

intervals as (

    select
        *,
        cast(
            unnest(
                generate_series(
                    cast(from_date as timestamp),
                    cast(to_date as timestamp) - interval 1 day,
                    interval 1 day
                )
            ) as date
        ) as local_date
    from {{ ref('fct_open_intervals') }}

),

days as (

    select
        date_day,
        {{ utc_from_local('cast(date_day + 1 as timestamp)', "'" ~ var('reporting_zone') ~ "'") }}
            as day_end_at
    from {{ ref('dim_dates') }}

),

-- A day on which nothing was open is there all the same, without a ticket and an age.
empty_days as (

    select *
    from {{ ref('fct_backlog_snapshots') }}
    where open_tickets = 0

)

-- One row a date. The last day ends at the as-of instant: nothing is known beyond it.
select
    intervals.ticket_key,
    intervals.source_system,
    intervals.account_id,
    intervals.shop,
    intervals.channel,
    intervals.team_name,
    intervals.priority,
    intervals.status,
    {{ seconds_between('intervals.created_at', 'least(days.day_end_at, intervals.as_of_at)') }}
        as age_seconds,
    intervals.local_date
from intervals
inner join days on days.date_day = intervals.local_date

union all

select
    'none' as ticket_key,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    status,
    cast(null as bigint) as age_seconds,
    local_date
from empty_days
