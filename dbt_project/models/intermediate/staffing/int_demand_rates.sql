{#- Grain: skill, channel, Monday, weekday and half hour. The contacts of an ordinary such half
    hour as the weeks before the Monday let expect them: the mean of the weekday, newer weeks
    weighing more, times the half hour's share of it. Both are mixed with those of the whole week,
    the more so the fewer contacts there are. Special days and gaps teach nothing. -#}
with

parameters as (

    select
        cast({{ limit_of('forecast_wape', '*', 'history_weeks') }} as integer) as history_weeks,
        {{ limit_of('forecast_wape', '*', 'half_life_weeks') }} as half_life_weeks,
        {{ limit_of('forecast_wape', '*', 'weekday_weight') }} as weekday_weight,
        {{ limit_of('forecast_wape', '*', 'profile_weight') }} as profile_weight
    from {{ ref('kpi_parameters') }}

),

days as (

    select *
    from {{ ref('int_demand_days') }}
    where day_kind = 'ordinary' and not is_gap

),

weeks as (

    select
        unnest(range(1, parameters.history_weeks + 1)) as ago,
        parameters.half_life_weeks
    from parameters

),

weights as (

    select cast(ago as integer) as ago, pow(0.5, (ago - 1) / half_life_weeks) as weight
    from weeks

),

-- A forecast needs its weeks in full; the last is made from the weeks before that of the newest
-- data.
origins as (

    select distinct
        days.source_system,
        days.account_id,
        days.week_start as origin_week
    from {{ ref('int_demand_days') }} as days
    cross join parameters
    where
        days.week_start >= days.first_week + 7 * parameters.history_weeks
        and days.week_start <= days.newest_week

),

-- How much the usable days of an account weigh, by weekday and in all.
day_weights as (

    select
        origins.source_system,
        origins.account_id,
        origins.origin_week,
        days.day_no,
        {{ exact_sum('weights.weight') }} as weight
    from origins
    cross join weights
    inner join days
        on
            days.source_system = origins.source_system
            and days.account_id = origins.account_id
            and days.week_start = origins.origin_week - 7 * weights.ago
    group by origins.source_system, origins.account_id, origins.origin_week, days.day_no

),

all_weights as (

    select source_system, account_id, origin_week, {{ exact_sum('weight') }} as weight
    from day_weights
    group by source_system, account_id, origin_week

),

counted as (

    select
        arrivals.source_system,
        arrivals.account_id,
        arrivals.skill,
        arrivals.channel,
        days.week_start,
        days.day_no,
        arrivals.half_hour,
        count(*) as arrival_count
    from {{ ref('int_arrivals') }} as arrivals
    -- A day of an account is one row.
    inner join days
        on
            days.source_system = arrivals.source_system
            and days.account_id = arrivals.account_id
            and days.local_date = arrivals.local_date
    group by
        arrivals.source_system,
        arrivals.account_id,
        arrivals.skill,
        arrivals.channel,
        days.week_start,
        days.day_no,
        arrivals.half_hour

),

-- A week is history to each of the weeks after it.
history as (

    select
        counted.source_system,
        counted.account_id,
        counted.skill,
        counted.channel,
        counted.week_start + 7 * weights.ago as origin_week,
        counted.day_no,
        counted.half_hour,
        sum(counted.arrival_count) as arrival_count,
        {{ exact_sum('counted.arrival_count * weights.weight') }} as weighted_count
    from counted
    cross join weights
    group by
        counted.source_system,
        counted.account_id,
        counted.skill,
        counted.channel,
        origin_week,
        counted.day_no,
        counted.half_hour

),

series as (

    select
        history.source_system,
        history.account_id,
        history.skill,
        history.channel,
        history.origin_week,
        sum(history.arrival_count) as arrival_count,
        {{ exact_sum('history.weighted_count') }} as weighted_count
    from history
    inner join origins
        on
            origins.source_system = history.source_system
            and origins.account_id = history.account_id
            and origins.origin_week = history.origin_week
    group by
        history.source_system,
        history.account_id,
        history.skill,
        history.channel,
        history.origin_week

),

own_days as (

    select
        source_system,
        account_id,
        skill,
        channel,
        origin_week,
        day_no,
        sum(arrival_count) as arrival_count,
        {{ exact_sum('weighted_count') }} as weighted_count
    from history
    group by source_system, account_id, skill, channel, origin_week, day_no

),

own_half_hours as (

    select
        source_system,
        account_id,
        skill,
        channel,
        origin_week,
        half_hour,
        sum(arrival_count) as arrival_count
    from history
    group by source_system, account_id, skill, channel, origin_week, half_hour

),

-- A weekday on which nothing came is expected too; one that was never usable is the mean day.
weekdays as (

    select
        series.source_system,
        series.account_id,
        series.skill,
        series.channel,
        series.origin_week,
        cast(day_nos.day_no as integer) as day_no,
        series.arrival_count as week_count,
        coalesce(own_days.arrival_count, 0) as day_count,
        series.weighted_count / all_weights.weight as mean_rate,
        coalesce(own_days.weighted_count, 0) / day_weights.weight as own_rate
    from series
    cross join range(7) as day_nos (day_no)
    inner join all_weights
        on
            all_weights.source_system = series.source_system
            and all_weights.account_id = series.account_id
            and all_weights.origin_week = series.origin_week
    left join day_weights
        on
            day_weights.source_system = series.source_system
            and day_weights.account_id = series.account_id
            and day_weights.origin_week = series.origin_week
            and day_weights.day_no = day_nos.day_no
    left join own_days
        on
            own_days.source_system = series.source_system
            and own_days.account_id = series.account_id
            and own_days.skill = series.skill
            and own_days.channel = series.channel
            and own_days.origin_week = series.origin_week
            and own_days.day_no = day_nos.day_no

)

select
    weekdays.source_system,
    weekdays.account_id,
    weekdays.skill,
    weekdays.channel,
    weekdays.day_no,
    own_half_hours.half_hour,
    (
        weekdays.week_count / 7.0 * coalesce(weekdays.own_rate, weekdays.mean_rate)
        + parameters.weekday_weight * weekdays.mean_rate
    )
    / (weekdays.week_count / 7.0 + parameters.weekday_weight)
    * (
        coalesce(history.arrival_count, 0)
        + parameters.profile_weight * own_half_hours.arrival_count / weekdays.week_count
    )
    / (weekdays.day_count + parameters.profile_weight) as expected_count,
    weekdays.origin_week
from weekdays
cross join parameters
inner join own_half_hours
    on
        own_half_hours.source_system = weekdays.source_system
        and own_half_hours.account_id = weekdays.account_id
        and own_half_hours.skill = weekdays.skill
        and own_half_hours.channel = weekdays.channel
        and own_half_hours.origin_week = weekdays.origin_week
left join history
    on
        history.source_system = weekdays.source_system
        and history.account_id = weekdays.account_id
        and history.skill = weekdays.skill
        and history.channel = weekdays.channel
        and history.origin_week = weekdays.origin_week
        and history.day_no = weekdays.day_no
        and history.half_hour = own_half_hours.half_hour
