select
    kpi_id,
    grain,
    unit_value,
    unit,
    target_value,
    baseline_value,
    baseline_kind,
    benchmark_value,
    benchmark_set,
    benchmark_n,
    owner,
    due_date,
    source,
    status,
    valid_from,
    valid_to
from {{ ref('int_targets__in_force') }}
order by kpi_id, grain, unit_value, valid_from
