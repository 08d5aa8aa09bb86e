with

calendars as (

    select * from {{ ref('int_business_calendars__unioned') }}

),

special_days as (

    select * from {{ ref('int_calendar_special_days__unioned') }}

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

-- A special day takes the place of exactly its own local date; one row a calendar and date.
planned_dates as (

    select
        local_dates.*,
        special_days.calendar_id is not null
        and special_days.follows_weekday is null as has_own_hours,
        coalesce(special_days.follows_weekday, isodow(local_dates.local_midnight)) as weekday,
        special_days.start_minute,
        special_days.end_minute
    from local_dates
    left join special_days
        on
            special_days.source_system = local_dates.source_system
            and special_days.account_id = local_dates.account_id
            and special_days.calendar_id = local_dates.calendar_id
            and special_days.local_date = cast(local_dates.local_midnight as date)

),

zones as (

    select distinct source_system, account_id, calendar_id, iana_zone, valid_from, valid_to
    from calendars

),

-- Closed days have own hours that are null, which no instant lies in.
local_hours as (

    select
        planned_dates.calendar_key,
        calendars.iana_zone,
        greatest(calendars.valid_from, planned_dates.first_at) as valid_from,
        least(calendars.valid_to, planned_dates.last_at) as valid_to,
        planned_dates.local_midnight + to_minutes(calendars.start_minute) as local_start,
        planned_dates.local_midnight + to_minutes(calendars.end_minute) as local_end
    from planned_dates
    inner join calendars
        on
            calendars.source_system = planned_dates.source_system
            and calendars.account_id = planned_dates.account_id
            and calendars.calendar_id = planned_dates.calendar_id
            and calendars.weekday = planned_dates.weekday
    where not planned_dates.has_own_hours

    union all

    select
        planned_dates.calendar_key,
        zones.iana_zone,
        greatest(zones.valid_from, planned_dates.first_at) as valid_from,
        least(zones.valid_to, planned_dates.last_at) as valid_to,
        planned_dates.local_midnight + to_minutes(planned_dates.start_minute) as local_start,
        planned_dates.local_midnight + to_minutes(planned_dates.end_minute) as local_end
    from planned_dates
    inner join zones
        on
            zones.source_system = planned_dates.source_system
            and zones.account_id = planned_dates.account_id
            and zones.calendar_id = planned_dates.calendar_id
    where planned_dates.has_own_hours and planned_dates.start_minute is not null

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
