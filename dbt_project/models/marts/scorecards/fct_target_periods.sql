with

cells as (

    select
        kpi_id,
        period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        value,
        n,
        as_of_date
    from {{ ref('fct_kpi_cells') }}
    where
        period_type in ('month', 'quarter')
        and grain in ('total', 'channel', 'team', 'shop', 'agent')
        and value is not null

),

kpis as (

    select kpi_id, unit, direction
    from {{ ref('int_kpis__defined') }}

),

targets as (

    select *
    from {{ ref('kpi_targets') }}

),

limits as (

    select {{ kpi_parameter('csf_status', 'amber_from') }} as amber_from

),

-- A team, shop or person without a target of its own is held to that of the whole desk, unless the
-- KPI is an amount, of which each has a part.
aimed as (

    select
        cells.*,
        kpis.direction,
        kpis.unit,
        coalesce(own.target_value, whole.target_value) as target_value,
        coalesce(own.baseline_value, whole.baseline_value) as baseline_value,
        coalesce(own.baseline_kind, whole.baseline_kind) as baseline_kind,
        own.benchmark_value,
        own.benchmark_set,
        own.benchmark_n,
        coalesce(own.owner, whole.owner) as owner,
        coalesce(own.due_date, whole.due_date) as due_date,
        coalesce(own.status, whole.status) as status,
        own.target_value is null and whole.target_value is not null as is_inherited
    from cells
    inner join kpis
        on kpis.kpi_id = cells.kpi_id
    left join targets as own
        on
            own.kpi_id = cells.kpi_id
            and own.grain = cells.grain
            and own.unit_value = cells.unit_value
            and own.valid_from <= cells.period_start
            and cells.period_start < own.valid_to
    left join targets as whole
        on
            cells.grain in ('team', 'shop', 'agent')
            and kpis.unit not in ('count', 'currency')
            and whole.kpi_id = cells.kpi_id
            and whole.grain = 'total'
            and whole.valid_from <= cells.period_start
            and cells.period_start < whole.valid_to

),

attained as (

    select
        *,
        {{ kpi_attainment('value', 'target_value', 'direction') }} as attainment
    from aimed
    where
        target_value is not null
        or baseline_value is not null
        or benchmark_value is not null

)

select
    {{ hash_key([
        'attained.kpi_id',
        'attained.period_type',
        'attained.period_start',
        'attained.grain',
        'attained.unit_value',
    ]) }} as target_period_key,
    attained.kpi_id,
    attained.period_type,
    attained.period_start,
    attained.next_period_start,
    attained.grain,
    attained.unit_value,
    attained.value,
    attained.n,
    attained.direction,
    attained.target_value,
    attained.attainment,
    case
        when attained.attainment >= 1 then 'green'
        when attained.attainment >= limits.amber_from then 'amber'
        when attained.attainment is not null then 'red'
    end as target_status,
    attained.baseline_value,
    attained.baseline_kind,
    attained.value - attained.baseline_value as baseline_gap,
    attained.benchmark_value,
    attained.benchmark_set,
    attained.benchmark_n,
    attained.value - attained.benchmark_value as top20_gap,
    attained.owner,
    attained.due_date,
    attained.status,
    attained.is_inherited,
    attained.as_of_date
from attained
cross join limits
order by
    attained.kpi_id,
    attained.period_type,
    attained.grain,
    attained.unit_value,
    attained.period_start
