with

source as (

    {{ newest_versions(source('zendesk', 'holidays'), ['id'], [
        'id',
        'name',
        'schedule_id',
        'start_date',
        'end_date',
    ]) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    schedule_id as calendar_id,
    id as holiday_id,
    name as holiday_name,
    cast(
        unnest(generate_series(cast(start_date as date), cast(end_date as date), interval 1 day))
        as date
    ) as holiday_date
from source
