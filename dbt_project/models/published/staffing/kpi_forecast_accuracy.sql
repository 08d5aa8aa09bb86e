with

errors as (

    select
        *,
        abs(forecast_count - actual_count) as absolute_error,
        abs(naive_count - actual_count) as naive_absolute_error
    from {{ ref('fct_forecast_periods') }}
    where is_checked

),

totals as (

    select
        period_type,
        channel,
        horizon_week,
        count(*) as n,
        any_value(interval_held_share) as interval_held_share,
        count(distinct origin_week) as origin_count,
        sum(actual_count) as actual_count,
        {{ exact_sum('forecast_count') }} as forecast_count,
        {{ exact_sum('absolute_error') }} as absolute_error,
        sum(naive_absolute_error) as naive_absolute_error,
        {{ exact_sum('absolute_error * absolute_error') }} as squared_error,
        sum(naive_absolute_error * naive_absolute_error) as naive_squared_error
    from errors
    group by period_type, channel, horizon_week

)

select
    period_type,
    channel,
    horizon_week,
    n,
    origin_count,
    cast(actual_count as bigint) as actual_count,
    cast(forecast_count as double) as forecast_count,
    cast(absolute_error / nullif(actual_count, 0) as double) as wape,
    cast(naive_absolute_error / nullif(actual_count, 0) as double) as naive_wape,
    cast(absolute_error / n as double) as mae,
    cast(naive_absolute_error / n as double) as naive_mae,
    cast(sqrt(squared_error / n) as double) as rmse,
    cast(sqrt(naive_squared_error / n) as double) as naive_rmse,
    cast(forecast_count / nullif(actual_count, 0) - 1 as double) as bias,
    interval_held_share,
    {{ build_id() }} as build_id
from totals
order by period_type, channel, horizon_week
