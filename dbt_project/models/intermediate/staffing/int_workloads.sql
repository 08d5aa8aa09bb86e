{#- Grain: skill, channel, local day and half hour with a forecast. `load` is the work that is
    expected to come in, in agents, rounded up to hundredths; `model` says how it is served:
    erlang (answered from a queue) or backlog (worked off when there is time). -#}
with

arrivals as (

    select *
    from {{ ref('int_arrivals') }}

),

forecasts as (

    select *
    from {{ ref('int_forecasts') }}
    where is_plan and forecast_count > 0

),

channels as (

    select
        channels.channel,
        channels.channel = 'phone' or channels.is_session as is_queue,
        channels.is_session,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'default_handle_seconds'
        ) as default_handle_seconds,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'longest_handle_seconds'
        ) as longest_handle_seconds,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'default_patience_seconds'
        ) as default_patience_seconds,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'wait_seconds'
        ) as wait_seconds,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'answered_share'
        ) as answered_share,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'sessions_per_agent'
        ) as sessions_per_agent,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'occupancy'
        ) as occupancy,
        max_by(parameters.value, parameters.channel) filter (
            where parameters.parameter = 'highest_occupancy'
        ) as highest_occupancy
    from {{ ref('channels') }} as channels
    inner join {{ ref('kpi_parameters') }} as parameters
        on
            parameters.kpi_id = 'coverage_gap'
            and parameters.channel in ('*', channels.channel)
    group by channels.channel, channels.is_session

),

history as (

    select cast({{ limit_of('forecast_wape', '*', 'history_weeks') }} as integer) as weeks
    from {{ ref('kpi_parameters') }}

),

weeks as (

    select distinct source_system, account_id, skill, channel, week_start
    from forecasts

),

-- What came and was done within the weeks that the forecast is made from. Those who were answered
-- were patient for as long, too: waits over those who gave up are the mean of an exponential
-- patience.
handle_times as (

    select
        weeks.source_system,
        weeks.account_id,
        weeks.skill,
        weeks.channel,
        weeks.week_start,
        {{ exact_mean(
            'least(arrivals.handle_seconds, channels.longest_handle_seconds)',
            where='arrivals.handle_seconds is not null',
        ) }} as handle_seconds,
        case
            when
                count(*) filter (where arrivals.is_abandoned)
                >= {{ kpi_parameter('coverage_gap', 'least_abandoned') }}
                then
                    sum(arrivals.wait_seconds)
                    / cast(count(*) filter (where arrivals.is_abandoned) as double)
        end as patience_seconds
    from weeks
    cross join history
    inner join channels on channels.channel = weeks.channel
    inner join arrivals
        on
            arrivals.source_system = weeks.source_system
            and arrivals.account_id = weeks.account_id
            and arrivals.skill = weeks.skill
            and arrivals.channel = weeks.channel
            and arrivals.week_start < weeks.week_start
            and arrivals.week_start >= weeks.week_start - 7 * history.weeks
            and arrivals.handled_date < weeks.week_start
    group by
        weeks.source_system,
        weeks.account_id,
        weeks.skill,
        weeks.channel,
        weeks.week_start

),

-- A channel is one row and so is a handle time a week: a forecast stays one row. Nothing handled in
-- no time at all is believed.
timed as (

    select
        forecasts.*,
        case when channels.is_queue then 'erlang' else 'backlog' end as model,
        greatest(coalesce(handle_times.handle_seconds, channels.default_handle_seconds), 1)
            as handle_seconds,
        coalesce(handle_times.patience_seconds, channels.default_patience_seconds)
            as patience_seconds,
        channels.wait_seconds,
        channels.answered_share,
        case when channels.is_session then channels.sessions_per_agent else 1 end
            as sessions_per_agent,
        channels.occupancy,
        channels.highest_occupancy
    from forecasts
    inner join channels on channels.channel = forecasts.channel
    left join handle_times
        on
            handle_times.source_system = forecasts.source_system
            and handle_times.account_id = forecasts.account_id
            and handle_times.skill = forecasts.skill
            and handle_times.channel = forecasts.channel
            and handle_times.week_start = forecasts.week_start

)

select
    source_system,
    account_id,
    skill,
    channel,
    half_hour,
    model,
    forecast_count,
    handle_seconds,
    patience_seconds,
    wait_seconds,
    answered_share,
    sessions_per_agent,
    occupancy,
    highest_occupancy,
    ceil(forecast_count * handle_seconds / 18.0 - 1e-9) / 100.0 as load,
    wait_seconds / handle_seconds as wait_per_handle,
    case
        when patience_seconds is null then 0
        else handle_seconds / greatest(patience_seconds, 1)
    end as impatience,
    week_start,
    local_date
from timed
