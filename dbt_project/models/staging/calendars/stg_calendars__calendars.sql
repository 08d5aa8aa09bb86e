with

source as (

    {{ newest_versions(source('calendars', 'calendars'), ['calendar_id'], [
        'calendar_id',
        'calendar_name',
        'time_zone',
        'holiday_country',
        'holiday_subdivision',
    ]) }}

)

select
    'helpmart/' || calendar_id as calendar_id,
    coalesce(calendar_name, calendar_id) as calendar_name,
    time_zone as iana_zone,
    upper(holiday_country) as holiday_country,
    coalesce(upper(holiday_subdivision), '') as holiday_subdivision
from source
