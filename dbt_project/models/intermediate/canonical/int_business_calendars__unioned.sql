with

assigned as (

    select distinct source_system, account_id, calendar_id
    from {{ ref('stg_calendars__team_calendars') }}

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
    created_at
from {{ ref('stg_zendesk__schedules') }}

union all

-- A declared calendar belongs to every account in which a team keeps it.
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
    hours.valid_to,
    null as created_at
from {{ ref('stg_calendars__working_hours') }} as hours
inner join assigned on assigned.calendar_id = hours.calendar_id
