with

source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        name,
        schedule_id,
        cast(start_date as date) as start_date,
        cast(end_date as date) as end_date
    from {{ source('zendesk', 'holidays') }}
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    schedule_id as calendar_id,
    id as holiday_id,
    name as holiday_name,
    cast(unnest(generate_series(start_date, end_date, interval 1 day)) as date) as holiday_date
from source
