{%- set columns = {
    'backlog_open': 'open_tickets',
    'backlog_age': 'mean_age_seconds',
    'backlog_age_p50': 'p50_age_seconds',
    'backlog_age_p90': 'p90_age_seconds',
    'backlog_age_p95': 'p95_age_seconds',
} %}

select
    period_start as local_date,
    grain,
    unit_value,
    {%- for kpi_id, column in columns.items() %}
    max(value) filter (where kpi_id = '{{ kpi_id }}') as {{ column }},
    {%- endfor %}
    bool_or(is_partial) as is_partial,
    build_id
from {{ ref('kpi_values') }}
where
    period_type = 'day'
    and kpi_id in ({{ "'" ~ columns | join("', '") ~ "'" }})
group by period_start, grain, unit_value, build_id
order by local_date, grain, unit_value
