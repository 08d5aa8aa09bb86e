-- A slot has one plan. What is not over has no actual count yet.
select
    channel,
    local_date,
    half_hour,
    {{ half_hour_label('half_hour') }} as starts_at_time,
    local_date + to_minutes(30 * half_hour) as starts_at,
    day_kind,
    horizon_week,
    not is_over as is_ahead,
    forecast_count,
    forecast_low,
    forecast_high,
    case when is_over then actual_count end as actual_count,
    {{ build_id() }} as build_id
from {{ ref('fct_forecast_periods') }}
where period_type = 'half_hour' and is_plan
order by local_date, half_hour, channel
