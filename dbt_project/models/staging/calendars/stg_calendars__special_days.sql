with

source as (

    {{ newest_versions(source('calendars', 'special_days'), ['calendar_id', 'date'], [
        'calendar_id',
        'date',
        'kind',
        'opens',
        'closes',
        'day_name',
    ]) }}

)

select
    'helpmart/' || calendar_id as calendar_id,
    cast(date as date) as local_date,
    lower(kind) as kind,
    {{ minute_of_day('opens') }} as start_minute,
    {{ minute_of_day('closes') }} + case when closes <= opens then 1440 else 0 end as end_minute,
    day_name
from source
