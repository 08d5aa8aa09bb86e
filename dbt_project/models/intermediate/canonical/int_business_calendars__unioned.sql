with

assigned as (

    select distinct source_system, account_id, calendar_id
    from {{ ref('stg_calendars__team_calendars') }}

),

-- A declared calendar belongs to every account in which a team keeps it.
declared as (

    select
        assigned.source_system,
        assigned.account_id,
        hours.calendar_id,
        hours.calendar_name,
        hours.iana_zone,
        hours.weekday,
        hours.start_minute,
        hours.end_minute,
        hours.valid_from,
        hours.valid_to
    from {{ ref('stg_calendars__working_hours') }} as hours
    inner join assigned on assigned.calendar_id = hours.calendar_id

),

-- A source gives the columns that it knows; the others are null.
unioned as (

    select *
    from {{ ref('stg_zendesk__schedules') }}

    union all by name

    select *
    from {{ ref('stg_freshdesk__business_hours') }}

    union all by name

    select *
    from declared

)

select
    source_system,
    account_id,
    calendar_id,
    calendar_name,
    iana_zone,
    weekday,
    start_minute,
    end_minute,
    valid_from,
    valid_to,
    -- Zendesk knows no default; its oldest schedule is the one that it began with.
    coalesce(is_default, false) as is_default,
    created_at
from unioned
