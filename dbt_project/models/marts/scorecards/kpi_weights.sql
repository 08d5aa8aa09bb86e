select
    {{ hash_key(['scorecard', 'grain', 'kpi_id', 'status', 'valid_from']) }} as weight_key,
    scorecard,
    grain,
    perspective,
    kpi_id,
    weight,
    status,
    valid_from,
    valid_to
from {{ ref('int_weights__stated') }}
order by scorecard, status, grain, valid_from, kpi_id
