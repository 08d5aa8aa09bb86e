{#- Grain: channel, kind of period and horizon. Between which errors, in roots of the expectation,
    the middle share of the back-test lies; and what share of the newer half the errors of the
    older half would have held. -#}
with

errors as (

    select
        *,
        (actual_count - forecast_count) / sqrt(greatest(forecast_count, 0.01)) as error
    from {{ ref('int_forecast_periods') }}
    where is_checked

),

halves as (

    select
        *,
        ntile(2) over (
            partition by period_type, channel, horizon_week
            order by local_date, half_hour, origin_week
        ) as half_no
    from errors

),

placed as (

    select
        *,
        cume_dist() over (
            partition by period_type, channel, horizon_week order by error
        ) as place,
        cume_dist() over (
            partition by period_type, channel, horizon_week, half_no order by error
        ) as place_in_half
    from halves

),

tails as (

    select 0.5 - {{ limit_of('forecast_wape', '*', 'interval_share') }} / 2 as tail
    from {{ ref('kpi_parameters') }}

),

bounds as (

    select
        placed.period_type,
        placed.channel,
        placed.horizon_week,
        min(placed.error) filter (where placed.place >= tails.tail) as low,
        min(placed.error) filter (where placed.place >= 1 - tails.tail) as high,
        min(placed.error) filter (where placed.half_no = 1 and placed.place_in_half >= tails.tail)
            as older_low,
        min(placed.error) filter (
            where placed.half_no = 1 and placed.place_in_half >= 1 - tails.tail
        ) as older_high
    from placed
    cross join tails
    group by placed.period_type, placed.channel, placed.horizon_week

),

held as (

    select
        halves.period_type,
        halves.channel,
        halves.horizon_week,
        avg(
            case
                when halves.error between bounds.older_low and bounds.older_high then 1.0
                else 0
            end
        ) as interval_held_share
    from halves
    inner join bounds
        on
            bounds.period_type = halves.period_type
            and bounds.channel = halves.channel
            and bounds.horizon_week = halves.horizon_week
    where halves.half_no = 2
    group by halves.period_type, halves.channel, halves.horizon_week

)

select
    bounds.period_type,
    bounds.channel,
    bounds.horizon_week,
    bounds.low,
    bounds.high,
    held.interval_held_share
from bounds
left join held
    on
        held.period_type = bounds.period_type
        and held.channel = bounds.channel
        and held.horizon_week = bounds.horizon_week
