select
    team_name,
    priority,
    count(*) as open_tickets,
    quantile_cont(age_seconds, 0.5) as age_p50_seconds,
    quantile_cont(age_seconds, 0.9) as age_p90_seconds,
    max(as_of_at) as as_of_at,
    {{ build_id() }} as build_id
from {{ ref('kpi_open_tickets') }}
group by team_name, priority
order by team_name, priority
