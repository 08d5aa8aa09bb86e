with

calendars as (

    select * from {{ ref('int_business_calendars__unioned') }}

),

holidays as (

    select * from {{ ref('int_calendar_holidays__unioned') }}

),

calendar_dates as (

    select * from {{ ref('int_calendars__dates') }}

),

-- Local dates lie up to a day off the UTC ones, hence the day on either side.
local_dates as (

    select
        calendar_key,
        source_system,
        account_id,
        calendar_id,
        cast(first_date as timestamp) as first_at,
        cast(last_date as timestamp) + interval 1 day as last_at,
        unnest(
            generate_series(
                cast(first_date as timestamp) - interval 1 day,
                cast(last_date as timestamp) + interval 1 day,
                interval 1 day
            )
        ) as local_midnight
    from calendar_dates

),

-- Working hours are cut at local midnights, so a holiday takes out exactly its own date.
local_hours as (

    select
        local_dates.calendar_key,
        calendars.iana_zone,
        greatest(calendars.valid_from, local_dates.first_at) as valid_from,
        least(calendars.valid_to, local_dates.last_at) as valid_to,
        local_dates.local_midnight + to_minutes(calendars.start_minute) as local_start,
        local_dates.local_midnight + to_minutes(calendars.end_minute) as local_end
    from local_dates
    inner join calendars
        on
            calendars.source_system = local_dates.source_system
            and calendars.account_id = local_dates.account_id
            and calendars.calendar_id = local_dates.calendar_id
            and calendars.weekday = isodow(local_dates.local_midnight)
    left join holidays
        on
            holidays.source_system = local_dates.source_system
            and holidays.account_id = local_dates.account_id
            and holidays.calendar_id = local_dates.calendar_id
            and holidays.holiday_date = cast(local_dates.local_midnight as date)
    where holidays.holiday_date is null

),

utc_hours as (

    select
        calendar_key,
        valid_from,
        valid_to,
        {{ utc_from_local('local_start', 'iana_zone') }} as starts_at,
        {{ utc_from_local('local_end', 'iana_zone') }} as ends_at
    from local_hours

),

-- Hours of a version count only while that version is in force.
hours_in_force as (

    select
        calendar_key,
        greatest(starts_at, valid_from) as starts_at,
        least(ends_at, valid_to) as ends_at
    from utc_hours

),

-- Hours that overlap, in the export or where clocks skip an hour, count once.
disjoint as (

    select
        calendar_key,
        greatest(
            starts_at,
            coalesce(
                max(ends_at) over (
                    partition by calendar_key
                    order by starts_at, ends_at
                    rows between unbounded preceding and 1 preceding
                ),
                starts_at
            )
        ) as starts_at,
        ends_at
    from hours_in_force
    where starts_at < ends_at

),

measured as (

    select
        calendar_key,
        starts_at,
        ends_at,
        {{ seconds_between('starts_at', 'ends_at') }} as working_seconds
    from disjoint
    where starts_at < ends_at

),

final as (

    select
        calendar_key,
        starts_at,
        ends_at,
        working_seconds,
        cast(
            sum(working_seconds) over (
                partition by calendar_key
                order by starts_at
                rows between unbounded preceding and current row
            ) - working_seconds as bigint
        ) as working_seconds_before
    from measured

)

select * from final
order by calendar_key, starts_at
