with

source as (

    {{ newest_versions(
        source('calendars', 'team_calendars'),
        ['source_system', 'account_id', 'team_id', 'valid_from'],
        ['source_system', 'account_id', 'team_id', 'valid_from', 'calendar_id']
    ) }}

),

calendars as (

    select
        calendar_id,
        iana_zone
    from {{ ref('stg_calendars__calendars') }}

),

dated as (

    select
        source.source_system,
        source.account_id,
        source.team_id,
        calendars.calendar_id,
        {{ utc_from_local('cast(source.valid_from as timestamp)', 'calendars.iana_zone') }}
            as valid_from
    from source
    inner join calendars on calendars.calendar_id = 'helpmart/' || source.calendar_id

)

select
    source_system,
    account_id,
    team_id,
    calendar_id,
    valid_from,
    coalesce(
        lead(valid_from) over (
            partition by source_system, account_id, team_id
            order by valid_from
        ),
        timestamp '9999-12-31'
    ) as valid_to
from dated
