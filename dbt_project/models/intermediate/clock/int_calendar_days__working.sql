with

calendar_dates as (

    select * from {{ ref('int_calendars__dates') }}

),

intervals as (

    select * from {{ ref('int_calendar_intervals__utc') }}

),

-- Closed days have a row too: without one a duration would be null.
all_days as (

    select
        calendar_key,
        unnest(
            generate_series(
                cast(first_date as timestamp), cast(last_date as timestamp), interval 1 day
            )
        ) as utc_midnight
    from calendar_dates

),

interval_days as (

    select
        calendar_key,
        starts_at,
        ends_at,
        working_seconds_before,
        unnest(
            generate_series(
                date_trunc('day', starts_at),
                date_trunc('day', ends_at - interval 1 second),
                interval 1 day
            )
        ) as utc_midnight
    from intervals

),

cut_at_midnight as (

    select
        calendar_key,
        utc_midnight,
        {{ seconds_between('utc_midnight', 'greatest(starts_at, utc_midnight)') }} as start_second,
        {{ seconds_between('utc_midnight', 'least(ends_at, utc_midnight + interval 1 day)') }}
            as end_second
    from interval_days

),

working_days as (

    select
        calendar_key,
        utc_midnight,
        list(
            struct_pack(start_second := start_second, end_second := end_second)
            order by start_second
        ) as stretches,
        sum(end_second - start_second) as working_seconds
    from cut_at_midnight
    group by calendar_key, utc_midnight

),

final as (

    select
        all_days.calendar_key,
        cast(all_days.utc_midnight as date) as utc_date,
        coalesce(working_days.stretches, []) as stretches,
        cast(coalesce(working_days.working_seconds, 0) as bigint) as working_seconds,
        cast(
            coalesce(
                sum(working_days.working_seconds) over (
                    partition by all_days.calendar_key
                    order by all_days.utc_midnight
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as bigint
        ) as working_seconds_before
    from all_days
    left join working_days
        on
            working_days.calendar_key = all_days.calendar_key
            and working_days.utc_midnight = all_days.utc_midnight

)

select * from final
order by calendar_key, utc_date
