with

periods as (

    select *
    from {{ ref('fct_target_periods') }}
    where attainment is not null and grain in ('total', 'team', 'shop', 'agent')

),

weights as (

    select *
    from {{ ref('kpi_weights') }}

),

ladders as (

    select *
    from {{ ref('kpi_ladders') }}

),

units as (

    select
        period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        -- Of KPIs of several sources the one that reaches least far.
        min(as_of_date) as as_of_date
    from periods
    group by period_type, period_start, next_period_start, grain, unit_value

),

-- Of the sets that hold the company's before the texts', one for the very grain before one for all.
ranked as (

    select
        units.*,
        weights.scorecard,
        weights.perspective,
        weights.kpi_id,
        weights.weight,
        weights.status,
        dense_rank() over (
            partition by
                units.period_type, units.period_start, units.grain, units.unit_value,
                weights.scorecard
            order by weights.status asc, case when weights.grain = '*' then 1 else 0 end asc
        ) as set_no
    from units
    inner join weights
        on
            weights.grain in ('*', units.grain)
            and weights.valid_from <= units.period_start
            and units.period_start < weights.valid_to
    -- The balanced scorecard is the whole desk's.
    where weights.scorecard = 'performance' or units.grain = 'total'

),

-- A KPI has one attainment a unit and period, and one step of its ladder holds, or of all KPIs'.
scored as (

    select
        ranked.*,
        periods.attainment,
        periods.n,
        coalesce(own_steps.points, steps.points) as points
    from ranked
    left join periods
        on
            periods.kpi_id = ranked.kpi_id
            and periods.period_type = ranked.period_type
            and periods.period_start = ranked.period_start
            and periods.grain = ranked.grain
            and periods.unit_value = ranked.unit_value
    left join ladders as own_steps
        on
            own_steps.kpi_id = ranked.kpi_id
            and own_steps.attainment_from <= periods.attainment
            and coalesce(periods.attainment < own_steps.attainment_to, true)
    left join ladders as steps
        on
            steps.kpi_id = '*'
            and steps.attainment_from <= periods.attainment
            and coalesce(periods.attainment < steps.attainment_to, true)
    where ranked.set_no = 1

)

select
    {{ hash_key([
        'scorecard', 'kpi_id', 'period_type', 'period_start', 'grain', 'unit_value'
    ]) }} as scorecard_item_key,
    scorecard,
    period_type,
    period_start,
    next_period_start,
    grain,
    unit_value,
    perspective,
    kpi_id,
    weight,
    status,
    attainment,
    n,
    cast(points as double) as points,
    points is null as is_missing,
    as_of_date
from scored
order by scorecard, period_type, grain, unit_value, period_start, kpi_id
