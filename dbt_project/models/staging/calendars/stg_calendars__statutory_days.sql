select
    country,
    subdivision,
    date as local_date,
    kind,
    name as day_name
from {{ source('helpmart', 'statutory_days') }}
