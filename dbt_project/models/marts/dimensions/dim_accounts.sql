select
    account_key,
    source_system,
    account_id,
    '{{ var("reporting_zone") }}' as reporting_zone,
    first_date,
    as_of_date,
    first_at,
    newest_at,
    as_of_at
from {{ ref('int_accounts__as_of') }}
order by source_system, account_id
