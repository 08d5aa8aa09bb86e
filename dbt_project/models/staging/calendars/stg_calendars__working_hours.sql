with

-- A later file replaces the hours of a calendar and date as a whole: an hour that it no longer
-- lists was taken back.
newest as (

    select
        calendar_id,
        valid_from,
        weekday,
        opens,
        closes
    from {{ source('calendars', 'working_hours') }}
    qualify
        _version_at = max(_version_at) over (partition by calendar_id, valid_from)
        and row_number() over (
            partition by calendar_id, valid_from, weekday, opens
            order by _version_at desc, _row_hash asc
        ) = 1

),

versions as (

    select
        calendar_id,
        valid_from,
        lead(valid_from) over (partition by calendar_id order by valid_from) as valid_to
    from newest
    group by calendar_id, valid_from

),

calendars as (

    select
        calendar_id,
        calendar_name,
        iana_zone
    from {{ ref('stg_calendars__calendars') }}

),

weekdays as (

    select
        raw_value,
        weekday
    from {{ ref('weekday_aliases') }}

),

-- One calendar, one version and one alias a row (keys tested), so no join multiplies hours.
hours as (

    select
        calendars.calendar_id,
        calendars.calendar_name,
        calendars.iana_zone,
        weekdays.weekday,
        {{ minute_of_day('newest.opens') }} as start_minute,
        {{ minute_of_day('newest.closes') }}
        + case when newest.closes <= newest.opens then 1440 else 0 end as end_minute,
        {{ utc_from_local('cast(versions.valid_from as timestamp)', 'calendars.iana_zone') }}
            as valid_from,
        coalesce(
            {{ utc_from_local('cast(versions.valid_to as timestamp)', 'calendars.iana_zone') }},
            timestamp '9999-12-31'
        ) as valid_to
    from newest
    inner join calendars on calendars.calendar_id = 'helpmart/' || newest.calendar_id
    inner join weekdays on weekdays.raw_value = lower(newest.weekday)
    inner join versions
        on
            versions.calendar_id = newest.calendar_id
            and versions.valid_from = newest.valid_from

)

select
    calendar_id,
    calendar_name,
    iana_zone,
    weekday,
    start_minute,
    least(end_minute, 1440) as end_minute,
    valid_from,
    valid_to
from hours

union all

-- Hours that end at or before their beginning run into the next day.
select
    calendar_id,
    calendar_name,
    iana_zone,
    weekday % 7 + 1 as weekday,
    0 as start_minute,
    end_minute - 1440 as end_minute,
    valid_from,
    valid_to
from hours
where end_minute > 1440
