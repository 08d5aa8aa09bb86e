with

metrics as (

    select *
    from {{ ref('sla_metrics') }}

),

states as (

    select metric, string_agg(status, ', ' order by status) as runs_in
    from {{ ref('sla_metric_states') }}
    group by metric

)

-- One list of states a metric; reply clocks run in every state.
select
    metrics.metric,
    metrics.name_en,
    metrics.name_zh,
    metrics.starts_en,
    metrics.starts_zh,
    coalesce(states.runs_in, 'all') as runs_in,
    metrics.pauses_en,
    metrics.pauses_zh,
    metrics.stops_en,
    metrics.stops_zh,
    cast(metrics.sort_no as integer) as sort_no
from metrics
left join states on states.metric = metrics.metric
order by sort_no
