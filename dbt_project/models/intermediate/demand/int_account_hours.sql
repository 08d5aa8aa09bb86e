with

-- Every local date of an account with contacts, up to its as-of.
dates as (

    select
        source_system,
        account_id,
        cast(
            unnest(
                generate_series(
                    cast(first_date as timestamp), cast(as_of_date as timestamp), interval 1 day
                )
            ) as date
        ) as local_date
    from {{ ref('int_accounts__as_of') }}
    where
        exists (
            select 1
            from {{ ref('int_tickets__unioned') }} as tickets
            where
                tickets.source_system = int_accounts__as_of.source_system
                and tickets.account_id = int_accounts__as_of.account_id
        )

),

holidays as (

    select distinct source_system, account_id, local_date
    from {{ ref('int_calendar_special_days__unioned') }}

),

campaigns as (

    select first_day, last_day
    from {{ ref('campaign_days') }}

),

campaign_dates as (

    select distinct dates.local_date
    from dates
    inner join campaigns
        on strftime(dates.local_date, '%m-%d') between campaigns.first_day and campaigns.last_day

),

hours as (

    select
        dates.source_system,
        dates.account_id,
        dates.local_date,
        cast(isodow(dates.local_date) as integer) as weekday,
        cast(hours.hour as integer) as hour,
        holidays.local_date is not null or campaign_dates.local_date is not null as is_special,
        {{ utc_from_local(
            'cast(dates.local_date as timestamp) + to_hours(hours.hour)',
            "'" ~ var('reporting_zone') ~ "'",
        ) }} as from_at
    from dates
    cross join range(24) as hours (hour)
    left join holidays
        on
            holidays.source_system = dates.source_system
            and holidays.account_id = dates.account_id
            and holidays.local_date = dates.local_date
    left join campaign_dates on campaign_dates.local_date = dates.local_date

),

calendars as (

    select calendar_key, source_system, account_id
    from {{ ref('int_calendars__dates') }}

),

days as (

    select *
    from {{ ref('int_calendar_days__working') }}

),

-- An account is open while any of its calendars works.
opened as (

    select
        hours.source_system,
        hours.account_id,
        hours.from_at,
        bool_or(
            {{ working_seconds('to_days', "(hours.from_at + interval 1 hour)") }}
            > {{ working_seconds('from_days', 'hours.from_at') }}
        ) as is_open
    from hours
    inner join calendars
        on
            calendars.source_system = hours.source_system
            and calendars.account_id = hours.account_id
    inner join days as from_days
        on
            from_days.calendar_key = calendars.calendar_key
            and from_days.utc_date = cast(hours.from_at as date)
    inner join days as to_days
        on
            to_days.calendar_key = calendars.calendar_key
            and to_days.utc_date = cast(hours.from_at + interval 1 hour as date)
    group by hours.source_system, hours.account_id, hours.from_at

)

-- Without a calendar all hours are open.
select
    hours.source_system,
    hours.account_id,
    hours.local_date,
    hours.weekday,
    hours.hour,
    hours.is_special,
    coalesce(opened.is_open, true) as is_open
from hours
left join opened
    on
        opened.source_system = hours.source_system
        and opened.account_id = hours.account_id
        and opened.from_at = hours.from_at
