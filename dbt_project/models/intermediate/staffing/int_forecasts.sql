{#- Grain: skill, channel, local day and half hour. What the weeks before a week let expect of it:
    the mean of the same half hour of the same weekday, times the level to which a straight line through
    the weekly totals leads. Nothing of the week itself goes in, so that a past week is a back-test. -#}
with

arrivals as (

    select *
    from {{ ref('int_arrivals') }}

),

parameters as (

    select
        cast({{ limit_of('forecast_wape', '*', 'history_weeks') }} as integer) as history_weeks,
        {{ limit_of('forecast_wape', '*', 'least_trend') }} as least_trend,
        {{ limit_of('forecast_wape', '*', 'greatest_trend') }} as greatest_trend
    from {{ ref('kpi_parameters') }}

),

-- A forecast needs its weeks in full; the last one is made for the week after the newest data.
bounds as (

    select
        accounts.source_system,
        accounts.account_id,
        cast(date_trunc('week', min(arrivals.local_date) + 6) as date)
        + 7 * any_value(parameters.history_weeks) as first_week,
        cast(date_trunc('week', any_value(accounts.as_of_date)) as date) + 7 as last_week
    from arrivals
    inner join {{ ref('int_accounts__as_of') }} as accounts
        on
            accounts.source_system = arrivals.source_system
            and accounts.account_id = arrivals.account_id
    cross join parameters
    group by accounts.source_system, accounts.account_id

),

counted as (

    select
        source_system,
        account_id,
        skill,
        channel,
        week_start,
        local_date - week_start as day_no,
        half_hour,
        count(*) as arrival_count
    from arrivals
    group by source_system, account_id, skill, channel, week_start, day_no, half_hour

),

weeks_ahead as (

    select unnest(range(1, parameters.history_weeks + 1)) as week_count
    from parameters

),

-- A week is history to each of the weeks after it; the one just before counts as the last.
history as (

    select
        counted.source_system,
        counted.account_id,
        counted.skill,
        counted.channel,
        counted.week_start + 7 * cast(weeks_ahead.week_count as integer) as week_start,
        counted.day_no,
        counted.half_hour,
        parameters.history_weeks + 1 - weeks_ahead.week_count as week_no,
        counted.arrival_count
    from counted
    cross join weeks_ahead
    cross join parameters

),

slots as (

    select
        source_system,
        account_id,
        skill,
        channel,
        week_start,
        day_no,
        half_hour,
        sum(arrival_count) as arrival_count
    from history
    group by source_system, account_id, skill, channel, week_start, day_no, half_hour

),

levels as (

    select
        source_system,
        account_id,
        skill,
        channel,
        week_start,
        sum(arrival_count) as total,
        sum(arrival_count * week_no) as total_by_week_no
    from history
    group by source_system, account_id, skill, channel, week_start

),

-- Least squares over weeks 1 to n, read off at n + 1, over their mean.
trends as (

    select
        levels.source_system,
        levels.account_id,
        levels.skill,
        levels.channel,
        levels.week_start,
        least(
            greatest(
                1 + 6.0 * (
                    levels.total_by_week_no - levels.total * (parameters.history_weeks + 1) / 2.0
                ) / (levels.total * (parameters.history_weeks - 1)),
                parameters.least_trend
            ),
            parameters.greatest_trend
        ) as trend
    from levels
    cross join parameters

)

-- One trend a week and one pair of bounds an account: a slot stays one row.
select
    slots.source_system,
    slots.account_id,
    slots.skill,
    slots.channel,
    slots.half_hour,
    slots.arrival_count * trends.trend / parameters.history_weeks as forecast_count,
    slots.week_start,
    slots.week_start + cast(slots.day_no as integer) as local_date
from slots
cross join parameters
inner join trends
    on
        trends.source_system = slots.source_system
        and trends.account_id = slots.account_id
        and trends.skill = slots.skill
        and trends.channel = slots.channel
        and trends.week_start = slots.week_start
inner join bounds
    on
        bounds.source_system = slots.source_system
        and bounds.account_id = slots.account_id
        and bounds.first_week <= slots.week_start
        and bounds.last_week >= slots.week_start
