with

source as (

    {{ newest_versions(source('costs', 'entries'), ['entry_id'], [
        'entry_id',
        'cost_type',
        'department',
        'channel',
        'course_id',
        'is_service',
        'amount',
        'currency',
        'booked_on',
    ]) }}

)

select
    'costs' as source_system,
    _account_id as account_id,
    entry_id,
    cost_type,
    department,
    lower(channel) as channel_raw,
    course_id,
    is_service = 'true' as is_service,
    cast(amount as decimal(18, 4)) as amount,
    upper(currency) as currency,
    cast(booked_on as date) as booked_date
from source
