select
    checks.run_id,
    checks.border,
    checks.table as table_name,
    checks.name as check_name,
    checks.severity,
    checks.success as is_success,
    {{ utc_wall_time('checks.checked_at') }} as checked_at
from {{ source('helpmart', 'checks') }} as checks
