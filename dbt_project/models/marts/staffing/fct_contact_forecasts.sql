with

actuals as (

    select
        source_system,
        account_id,
        skill,
        channel,
        week_start,
        local_date,
        half_hour,
        count(*) as actual_count
    from {{ ref('int_arrivals') }}
    group by source_system, account_id, skill, channel, week_start, local_date, half_hour

),

forecasts as (

    select *
    from {{ ref('int_forecasts') }}
    where is_plan

),

-- Arrivals of a skill without any history count too, once the account has one.
forecast_weeks as (

    select distinct source_system, account_id, week_start
    from forecasts

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

expected_actuals as (

    select actuals.*
    from actuals
    inner join forecast_weeks
        on
            forecast_weeks.source_system = actuals.source_system
            and forecast_weeks.account_id = actuals.account_id
            and forecast_weeks.week_start = actuals.week_start

),

-- A slot has one row on either side.
met as (

    select
        coalesce(forecasts.source_system, actuals.source_system) as source_system,
        coalesce(forecasts.account_id, actuals.account_id) as account_id,
        coalesce(forecasts.skill, actuals.skill) as skill,
        coalesce(forecasts.channel, actuals.channel) as channel,
        coalesce(forecasts.half_hour, actuals.half_hour) as half_hour,
        cast(coalesce(forecasts.forecast_count, 0) as double) as forecast_count,
        coalesce(actuals.actual_count, 0) as actual_count,
        coalesce(forecasts.week_start, actuals.week_start) as week_start,
        coalesce(forecasts.local_date, actuals.local_date) as local_date
    from forecasts
    full join expected_actuals as actuals
        on
            actuals.source_system = forecasts.source_system
            and actuals.account_id = forecasts.account_id
            and actuals.skill = forecasts.skill
            and actuals.channel = forecasts.channel
            and actuals.local_date = forecasts.local_date
            and actuals.half_hour = forecasts.half_hour

)

-- An account is one row.
select
    {{ hash_key([
        'met.source_system',
        'met.account_id',
        'met.skill',
        'met.channel',
        'cast(met.local_date as text)',
        'cast(met.half_hour as text)',
    ]) }} as contact_forecast_key,
    met.source_system,
    met.account_id,
    met.skill,
    met.channel,
    met.half_hour,
    met.forecast_count,
    met.actual_count,
    abs(met.forecast_count - met.actual_count) as absolute_error,
    -- The error of a day stands with its first half hour.
    case
        when row_number() over (by_day order by met.half_hour) = 1
            then abs(
                {{ exact_sum('met.forecast_count', over='by_day') }}
                - sum(met.actual_count) over by_day
            )
    end as day_absolute_error,
    met.local_date < accounts.as_of_date as is_past,
    met.week_start,
    met.local_date
from met
inner join accounts
    on
        accounts.source_system = met.source_system
        and accounts.account_id = met.account_id
window
    by_day as (
        partition by met.source_system, met.account_id, met.skill, met.channel, met.local_date
    )
order by
    met.local_date,
    met.half_hour,
    met.source_system,
    met.account_id,
    met.skill,
    met.channel
