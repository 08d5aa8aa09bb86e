with

watched as (

    select
        dictionary.kpi_id,
        dictionary.unit,
        dictionary.direction,
        dictionary.bridge_kind = 'count' as is_count,
        parameters.value as threshold
    from {{ ref('kpi_dictionary') }} as dictionary
    inner join {{ ref('kpi_parameters') }} as parameters
        on
            parameters.kpi_id = dictionary.kpi_id
            and parameters.parameter = 'anomaly_score'
            and parameters.channel = '*'

),

observed as (

    select
        kpi_id,
        grain,
        unit_value,
        period_start as local_date,
        value,
        n,
        standard_error,
        is_partial
    from {{ ref('kpi_values') }}
    where period_type = 'day' and grain in ('total', 'channel')

),

reach as (

    select max(local_date) as last_date
    from observed
    where grain = 'total' and not is_partial

),

members as (

    select
        kpi_id,
        grain,
        unit_value,
        min(local_date) as first_date
    from observed
    group by kpi_id, grain, unit_value

),

-- Of a count a day without any record is a day of 0: an outage must not go unseen.
days as (

    select
        members.kpi_id,
        members.grain,
        members.unit_value,
        dates.date_day as local_date,
        watched.unit,
        watched.direction,
        watched.is_count,
        watched.threshold,
        coalesce(observed.value, if(watched.is_count, 0, null)) as value,
        observed.n,
        observed.standard_error,
        events.name_en as note_en,
        events.name_zh as note_zh
    from members
    inner join watched on watched.kpi_id = members.kpi_id
    cross join reach
    inner join {{ ref('dim_dates') }} as dates
        on
            dates.date_day between members.first_date and reach.last_date
            and dates.date_day > reach.last_date - interval {{ var('change_months') }} month
    -- A cell and a day of events are one row each.
    left join observed
        on
            observed.kpi_id = members.kpi_id
            and observed.grain = members.grain
            and observed.unit_value = members.unit_value
            and observed.local_date = dates.date_day
    left join {{ ref('dim_event_days') }} as events on events.local_date = dates.date_day
    where
        watched.is_count
        -- A share tells by itself how little a few cases say, a mean does not.
        or (watched.unit = 'rate' and observed.value is not null)
        or observed.n >= {{ var('anomaly_least_records') }}

),

weeks_back as (

    select unnest(range(1, {{ var('anomaly_weeks') }} + 1)) as weeks

),

-- The same weekday of the weeks before, without days of known events.
expectations as (

    select
        days.kpi_id,
        days.grain,
        days.unit_value,
        days.local_date,
        median(history.value) as expected,
        {{ median_absolute_deviation('history.value') }} as deviation,
        count(*) as history_count
    from days
    cross join weeks_back
    inner join days as history
        on
            history.kpi_id = days.kpi_id
            and history.grain = days.grain
            and history.unit_value = days.unit_value
            and history.local_date = days.local_date - cast(7 * weeks_back.weeks as integer)
    where history.note_en is null
    group by days.kpi_id, days.grain, days.unit_value, days.local_date
    having count(*) >= {{ var('anomaly_least_weeks') }}

),

-- A spread is never less than what chance alone does to a day of this size.
spreads as (

    select
        days.*,
        expectations.expected,
        expectations.history_count,
        greatest(
            1.4826 * expectations.deviation,
            case
                when days.is_count then sqrt(greatest(expectations.expected, 1))
                when days.unit = 'rate' then {{ rate_error('expectations.expected', 'days.n') }}
                else coalesce(days.standard_error, 0)
            end,
            0.01 * abs(expectations.expected)
        ) as spread
    from days
    inner join expectations
        on
            expectations.kpi_id = days.kpi_id
            and expectations.grain = days.grain
            and expectations.unit_value = days.unit_value
            and expectations.local_date = days.local_date

),

scored as (

    select
        *,
        (value - expected) / nullif(spread, 0) as score
    from spreads

)

select
    kpi_id,
    grain,
    unit_value,
    local_date,
    value,
    expected,
    spread,
    score,
    cast(history_count as integer) as history_count,
    abs(coalesce(score, 0)) >= threshold as is_anomaly,
    case
        when score = 0 then null
        when direction = 'up' then score > 0
        when direction = 'down' then score < 0
    end as is_better,
    note_en,
    note_zh,
    {{ build_id() }} as build_id
from scored
order by kpi_id, grain, unit_value, local_date
