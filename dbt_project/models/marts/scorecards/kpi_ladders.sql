select
    kpi_id,
    attainment_from,
    lead(attainment_from) over (partition by kpi_id order by attainment_from) as attainment_to,
    points,
    'seed, unaudited' as status,
    {{ beginning_of_time() }} as valid_from,
    {{ end_of_time() }} as valid_to
from {{ ref('seed_ladders') }}
order by kpi_id, attainment_from
