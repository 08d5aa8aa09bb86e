select
    'helpmart' as source_system,
    border as account_id,
    run_id,
    table_name,
    check_name,
    severity,
    cast(case severity when 'critical' then 3 else 1 end as bigint) as weight,
    is_success,
    checked_date,
    checked_at
from {{ ref('int_checks__dated') }}
