-- Bounds have one row of each channel, kind of period and horizon.
select
    {{ hash_key([
        'periods.period_type',
        'periods.channel',
        'cast(periods.origin_week as text)',
        'cast(periods.local_date as text)',
        "coalesce(cast(periods.half_hour as text), '')",
    ]) }} as forecast_period_key,
    periods.period_type,
    periods.channel,
    periods.half_hour,
    periods.horizon_week,
    periods.day_kind,
    periods.is_plan,
    periods.is_checked,
    periods.is_over,
    cast(periods.forecast_count as double) as forecast_count,
    -- Contacts are whole, so bounds are, too.
    case
        when bounds.low is not null
            then
                cast(
                    greatest(
                        floor(periods.forecast_count + bounds.low * sqrt(periods.forecast_count)), 0
                    ) as double
                )
    end as forecast_low,
    case
        when bounds.high is not null
            then
                cast(
                    greatest(
                        ceil(periods.forecast_count + bounds.high * sqrt(periods.forecast_count)), 0
                    ) as double
                )
    end as forecast_high,
    cast(bounds.interval_held_share as double) as interval_held_share,
    cast(periods.actual_count as bigint) as actual_count,
    cast(periods.naive_count as bigint) as naive_count,
    periods.origin_week,
    periods.local_date
from {{ ref('int_forecast_periods') }} as periods
left join {{ ref('int_forecast_bounds') }} as bounds
    on
        bounds.period_type = periods.period_type
        and bounds.channel = periods.channel
        and bounds.horizon_week = periods.horizon_week
order by periods.local_date, periods.half_hour, periods.channel, periods.origin_week
