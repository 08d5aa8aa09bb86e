{#- Grain: skill, channel, origin, local day and half hour. What the weeks before a Monday (the
    origin) let expect of the weeks from it on: the half hour's ordinary count times the factor of
    its kind of day. Nothing of these weeks goes in, so that a past one is a back-test. All weeks
    have the forecast of their own Monday; the newest origins have those of the weeks after, too.
    `is_plan` marks the newest of a slot. -#}
with

rates as (

    select *
    from {{ ref('int_demand_rates') }}

),

factors as (

    select *
    from {{ ref('int_day_kind_factors') }}

),

parameters as (

    select
        cast({{ limit_of('forecast_wape', '*', 'backtest_weeks') }} as integer) as backtest_weeks,
        cast({{ limit_of('forecast_wape', '*', 'horizon_weeks') }} as integer) as horizon_weeks
    from {{ ref('kpi_parameters') }}

),

horizons as (

    select unnest(range(1, horizon_weeks + 1)) as horizon_week, backtest_weeks
    from parameters

),

-- A day of an account is one row, and a rate names one weekday: a slot is one row by horizon.
targets as (

    select
        rates.*,
        cast(horizons.horizon_week as integer) as horizon_week,
        days.day_kind,
        days.week_start,
        days.local_date,
        horizons.horizon_week = 1 or rates.origin_week = days.newest_week as is_plan
    from rates
    cross join horizons
    inner join {{ ref('int_demand_days') }} as days
        on
            days.source_system = rates.source_system
            and days.account_id = rates.account_id
            and days.day_no = rates.day_no
            and days.week_start = rates.origin_week + 7 * cast(horizons.horizon_week - 1 as integer)
    where
        horizons.horizon_week = 1
        or rates.origin_week >= days.newest_week - 7 * horizons.backtest_weeks

)

select
    targets.source_system,
    targets.account_id,
    targets.skill,
    targets.channel,
    targets.half_hour,
    targets.horizon_week,
    targets.day_kind,
    targets.is_plan,
    targets.expected_count * coalesce(factors.factor, 1) as forecast_count,
    targets.origin_week,
    targets.week_start,
    targets.local_date
from targets
left join factors
    on
        factors.source_system = targets.source_system
        and factors.account_id = targets.account_id
        and factors.origin_week = targets.origin_week
        and factors.day_kind = targets.day_kind
