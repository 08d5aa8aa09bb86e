with

declared as (

    select calendar_id, local_date, kind, start_minute, end_minute
    from {{ ref('stg_calendars__special_days') }}

),

-- One row a date of a country and its part, and a calendar names one of them.
statutory as (

    select
        calendars.calendar_id,
        days.local_date,
        days.kind
    from {{ ref('stg_calendars__calendars') }} as calendars
    inner join {{ ref('stg_calendars__statutory_days') }} as days
        on
            days.country = calendars.holiday_country
            and days.subdivision = calendars.holiday_subdivision

),

weekday_hours as (

    select distinct calendar_id, weekday
    from {{ ref('stg_calendars__working_hours') }}

),

-- What was declared for a date wins. A weekend that the country works follows a Monday, unless the
-- calendar works on that weekday anyway.
days as (

    select
        calendar_id,
        local_date,
        case when kind = 'workday' then 1 end as follows_weekday,
        case when kind = 'hours' then start_minute end as start_minute,
        case when kind = 'hours' then end_minute end as end_minute
    from declared

    union all

    select
        statutory.calendar_id,
        statutory.local_date,
        case when statutory.kind = 'workday' then 1 end as follows_weekday,
        null as start_minute,
        null as end_minute
    from statutory
    left join declared
        on
            declared.calendar_id = statutory.calendar_id
            and declared.local_date = statutory.local_date
    left join weekday_hours
        on
            weekday_hours.calendar_id = statutory.calendar_id
            and weekday_hours.weekday = isodow(statutory.local_date)
            and statutory.kind = 'workday'
    where declared.calendar_id is null and weekday_hours.calendar_id is null

),

assigned as (

    select distinct source_system, account_id, calendar_id
    from {{ ref('stg_calendars__team_calendars') }}

)

select
    assigned.source_system,
    assigned.account_id,
    days.calendar_id,
    days.local_date,
    days.follows_weekday,
    days.start_minute,
    days.end_minute
from days
inner join assigned on assigned.calendar_id = days.calendar_id

union all

select distinct
    source_system,
    account_id,
    calendar_id,
    holiday_date as local_date,
    cast(null as integer) as follows_weekday,
    cast(null as integer) as start_minute,
    cast(null as integer) as end_minute
from {{ ref('stg_zendesk__holidays') }}
