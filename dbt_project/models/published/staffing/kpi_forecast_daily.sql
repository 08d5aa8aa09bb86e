-- A slot has one plan. What is not over has no actual count yet.
select
    channel,
    local_date,
    day_kind,
    horizon_week,
    not is_over as is_ahead,
    forecast_count,
    forecast_low,
    forecast_high,
    case when is_over then actual_count end as actual_count,
    {{ build_id() }} as build_id
from {{ ref('fct_forecast_periods') }}
where period_type = 'day' and is_plan
order by local_date, channel
