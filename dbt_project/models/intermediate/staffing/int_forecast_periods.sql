{#- Grain: channel, origin, horizon, kind of period and period (half hour, day or week) of the
    newest origins, over all skills and accounts. `naive_count` is what the last full week before
    the origin brought at the same place. `is_checked` tells what has come in full and is no gap:
    the back-test. -#}
with

forecasts as (

    select
        source_system,
        account_id,
        channel,
        half_hour,
        horizon_week,
        origin_week,
        local_date,
        bool_or(is_plan) as is_plan,
        {{ exact_sum('forecast_count') }} as forecast_count
    from {{ ref('int_forecasts') }}
    group by
        source_system,
        account_id,
        channel,
        half_hour,
        horizon_week,
        origin_week,
        local_date

),

days as (

    select *
    from {{ ref('int_demand_days') }}

),

newest as (

    select
        cast({{ limit_of('forecast_wape', '*', 'backtest_weeks') }} as integer) as backtest_weeks
    from {{ ref('kpi_parameters') }}

),

-- All half hours of the days for which a channel of an account has a forecast.
forecast_days as (

    select distinct
        forecasts.source_system,
        forecasts.account_id,
        forecasts.channel,
        forecasts.horizon_week,
        forecasts.origin_week,
        forecasts.is_plan,
        days.day_kind,
        days.local_date < days.newest_week as is_over,
        days.is_gap,
        forecasts.local_date
    from forecasts
    cross join newest
    inner join days
        on
            days.source_system = forecasts.source_system
            and days.account_id = forecasts.account_id
            and days.local_date = forecasts.local_date
    where forecasts.origin_week >= days.newest_week - 7 * newest.backtest_weeks

),

counted as (

    select source_system, account_id, channel, local_date, half_hour, count(*) as arrival_count
    from {{ ref('int_arrivals') }}
    group by source_system, account_id, channel, local_date, half_hour

),

-- Each side has one row by half hour.
half_hours as (

    select
        forecast_days.channel,
        forecast_days.horizon_week,
        forecast_days.origin_week,
        forecast_days.local_date,
        cast(slots.half_hour as integer) as half_hour,
        bool_or(forecast_days.is_plan) as is_plan,
        bool_and(forecast_days.is_over and not forecast_days.is_gap) as is_checked,
        bool_and(forecast_days.is_over) as is_over,
        min(forecast_days.day_kind) as day_kind,
        {{ exact_sum('coalesce(forecasts.forecast_count, 0)') }} as forecast_count,
        sum(coalesce(actuals.arrival_count, 0)) as actual_count,
        sum(coalesce(naive.arrival_count, 0)) as naive_count
    from forecast_days
    cross join range(48) as slots (half_hour)
    left join forecasts
        on
            forecasts.source_system = forecast_days.source_system
            and forecasts.account_id = forecast_days.account_id
            and forecasts.channel = forecast_days.channel
            and forecasts.horizon_week = forecast_days.horizon_week
            and forecasts.origin_week = forecast_days.origin_week
            and forecasts.local_date = forecast_days.local_date
            and forecasts.half_hour = slots.half_hour
    left join counted as actuals
        on
            actuals.source_system = forecast_days.source_system
            and actuals.account_id = forecast_days.account_id
            and actuals.channel = forecast_days.channel
            and actuals.local_date = forecast_days.local_date
            and actuals.half_hour = slots.half_hour
    left join counted as naive
        on
            naive.source_system = forecast_days.source_system
            and naive.account_id = forecast_days.account_id
            and naive.channel = forecast_days.channel
            and naive.local_date = forecast_days.local_date - 7 * forecast_days.horizon_week
            and naive.half_hour = slots.half_hour
    group by
        forecast_days.channel,
        forecast_days.horizon_week,
        forecast_days.origin_week,
        forecast_days.local_date,
        slots.half_hour

)

select
    'half_hour' as period_type,
    channel,
    half_hour,
    horizon_week,
    day_kind,
    is_plan,
    is_checked,
    is_over,
    forecast_count,
    actual_count,
    naive_count,
    origin_week,
    local_date
from half_hours

union all

select
    'day' as period_type,
    channel,
    null as half_hour,
    horizon_week,
    day_kind,
    is_plan,
    is_checked,
    is_over,
    {{ exact_sum('forecast_count') }} as forecast_count,
    sum(actual_count) as actual_count,
    sum(naive_count) as naive_count,
    origin_week,
    local_date
from half_hours
group by channel, horizon_week, day_kind, is_plan, is_checked, is_over, origin_week, local_date

union all

select
    'week' as period_type,
    channel,
    null as half_hour,
    horizon_week,
    null as day_kind,
    bool_or(is_plan) as is_plan,
    bool_and(is_checked) as is_checked,
    bool_and(is_over) as is_over,
    {{ exact_sum('forecast_count') }} as forecast_count,
    sum(actual_count) as actual_count,
    sum(naive_count) as naive_count,
    origin_week,
    origin_week + 7 * (horizon_week - 1) as local_date
from half_hours
group by channel, horizon_week, origin_week
