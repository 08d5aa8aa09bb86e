with

kpis as (

    select balance_kpis.kpi_id, balance_kpis.side, defined.direction
    from {{ ref('balance_kpis') }} as balance_kpis
    inner join {{ ref('int_kpis__defined') }} as defined
        on defined.kpi_id = balance_kpis.kpi_id

),

limits as (

    select
        cast({{ kpi_parameter('balance_alert', 'months') }} as integer) as months,
        cast({{ kpi_parameter('balance_alert', 'least_months') }} as integer) as least_months,
        {{ kpi_parameter('balance_alert', 'deviations') }} as deviations

),

cells as (

    select
        cells.kpi_id,
        cells.grain,
        cells.unit_value,
        cells.period_start,
        cells.next_period_start,
        cells.value,
        cells.as_of_date,
        kpis.side,
        kpis.direction
    from {{ ref('fct_kpi_cells') }} as cells
    inner join kpis
        on kpis.kpi_id = cells.kpi_id
    where
        cells.period_type = 'month'
        and cells.grain in ('total', 'team')
        and cells.value is not null

),

-- A month against the months of the same member before it.
compared as (

    select
        cells.kpi_id,
        cells.grain,
        cells.unit_value,
        cells.period_start,
        cells.next_period_start,
        cells.side,
        cells.as_of_date,
        case when cells.direction = 'down' then -1 else 1 end
        -- In the order of time: else the last digits differ from run to run.
        * (cells.value - avg(history.value order by history.period_start))
        / nullif(stddev_samp(history.value order by history.period_start), 0) as deviations
    from cells
    cross join limits
    inner join cells as history
        on
            history.kpi_id = cells.kpi_id
            and history.grain = cells.grain
            and history.unit_value = cells.unit_value
            and history.period_start < cells.period_start
            and history.period_start
            >= cells.period_start - limits.months * interval 1 month
    group by
        cells.kpi_id,
        cells.grain,
        cells.unit_value,
        cells.period_start,
        cells.next_period_start,
        cells.side,
        cells.as_of_date,
        cells.direction,
        cells.value,
        limits.least_months
    having count(*) >= limits.least_months

),

members as (

    select
        grain,
        unit_value,
        period_start,
        next_period_start,
        max(deviations) filter (where side = 'speed') as speed_deviations,
        max_by(kpi_id, (deviations, kpi_id)) filter (where side = 'speed') as speed_kpi_id,
        min(deviations) filter (where side = 'quality') as quality_deviations,
        min_by(kpi_id, (deviations, kpi_id)) filter (where side = 'quality') as quality_kpi_id,
        min(as_of_date) as as_of_date
    from compared
    where deviations is not null
    group by grain, unit_value, period_start, next_period_start

)

select
    {{ hash_key(['members.grain', 'members.unit_value', 'members.period_start']) }}
        as balance_month_key,
    members.grain,
    members.unit_value,
    members.period_start,
    members.next_period_start,
    members.speed_kpi_id,
    members.speed_deviations,
    members.quality_kpi_id,
    members.quality_deviations,
    members.speed_deviations >= limits.deviations
    and members.quality_deviations <= -limits.deviations as is_alert,
    members.as_of_date
from members
cross join limits
where members.speed_deviations is not null and members.quality_deviations is not null
order by members.grain, members.unit_value, members.period_start
