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
