{#- Grain: account and local day, from its first whole week to the last week that is forecast.
    `day_kind` is ordinary, holiday (of any calendar of the account, or of all calendars where it
    has none), workday (a weekend that is worked) or campaign. A day without any contact where
    there used to be many is a gap of the data and teaches nothing. -#}
with

arrivals as (

    select *
    from {{ ref('int_arrivals') }}

),

bounds as (

    select
        accounts.source_system,
        accounts.account_id,
        any_value(accounts.as_of_date) as as_of_date,
        cast(date_trunc('week', min(arrivals.local_date) + 6) as date) as first_week,
        cast(date_trunc('week', any_value(accounts.as_of_date)) as date) as newest_week
    from arrivals
    inner join {{ ref('int_accounts__as_of') }} as accounts
        on
            accounts.source_system = arrivals.source_system
            and accounts.account_id = arrivals.account_id
    group by accounts.source_system, accounts.account_id

),

days as (

    select
        *,
        cast(
            unnest(
                range(
                    cast(first_week as timestamp),
                    newest_week
                    + to_days(
                        7 * cast({{ kpi_parameter('forecast_wape', 'horizon_weeks') }} as integer)
                    ),
                    interval 1 day
                )
            ) as date
        ) as local_date
    from bounds

),

counted as (

    select source_system, account_id, local_date, count(*) as arrival_count
    from arrivals
    group by source_system, account_id, local_date

),

special_days as (

    select
        source_system,
        account_id,
        local_date,
        case when bool_or(follows_weekday is null) then 'holiday' else 'workday' end as day_kind
    from {{ ref('int_calendar_special_days__unioned') }}
    group by source_system, account_id, local_date

),

-- An account that no calendar names shares the days of all that have one.
own_calendars as (

    select distinct source_system, account_id
    from special_days

),

kinds as (

    select source_system, account_id, local_date, day_kind
    from special_days

    union all

    select
        bounds.source_system,
        bounds.account_id,
        special_days.local_date,
        min(special_days.day_kind) as day_kind
    from bounds
    cross join special_days
    left join own_calendars
        on
            own_calendars.source_system = bounds.source_system
            and own_calendars.account_id = bounds.account_id
    where own_calendars.account_id is null
    group by bounds.source_system, bounds.account_id, special_days.local_date

),

campaign_dates as (

    select distinct days.local_date
    from days
    inner join {{ ref('campaign_days') }} as campaigns
        on strftime(days.local_date, '%m-%d') between campaigns.first_day and campaigns.last_day

),

-- A day has one kind and one count.
judged as (

    select
        days.*,
        coalesce(counted.arrival_count, 0) as arrival_count,
        case
            when campaign_dates.local_date is not null then 'campaign'
            else coalesce(kinds.day_kind, 'ordinary')
        end as day_kind
    from days
    left join counted
        on
            counted.source_system = days.source_system
            and counted.account_id = days.account_id
            and counted.local_date = days.local_date
    left join kinds
        on
            kinds.source_system = days.source_system
            and kinds.account_id = days.account_id
            and kinds.local_date = days.local_date
    left join campaign_dates on campaign_dates.local_date = days.local_date

)

select
    source_system,
    account_id,
    day_kind,
    arrival_count,
    arrival_count = 0
    and local_date < as_of_date
    and coalesce(avg(arrival_count) over weeks_before, 0)
    >= {{ kpi_parameter('forecast_wape', 'gap_mean') }} as is_gap,
    local_date,
    cast(date_trunc('week', local_date) as date) as week_start,
    cast(isodow(local_date) - 1 as integer) as day_no,
    as_of_date,
    first_week,
    newest_week
from judged
window
    weeks_before as (
        partition by source_system, account_id
        order by local_date
        rows between 28 preceding and 1 preceding
    )
