{%- do kpi_depends_on_composites() %}

with

-- What readers saw is compared with these cells, so its KPIs can't be among them.
restated as (
    {{ kpi_cells(only=['restatements']) }}
),

cells as (

    select *
    from {{ ref('fct_kpi_cells') }}

    union all by name

    -- What is made of these cells can't be among them.
    select * exclude (composite_cell_key, source_system, account_id)
    from {{ ref('fct_composite_cells') }}

    union all by name

    select *
    from restated

),

definitions as (

    select kpi_id, catalogue, unit, direction
    from {{ ref('kpi_dictionary') }}

),

-- One period for all members, so that a page does not mix months. A cohort that is not settled has
-- no value, two KPIs lack a total, and what says how the data are now has no period that is over.
latest as (

    select
        kpi_id,
        period_type,
        coalesce(
            max(period_start) filter (where next_period_start <= as_of_date and grain = 'total'),
            max(period_start) filter (where next_period_start <= as_of_date),
            max(period_start)
        ) as latest_start
    from cells
    where value is not null
    group by kpi_id, period_type

),

targets as (

    select
        kpi_id,
        grain,
        unit_value,
        target_value,
        baseline_value,
        benchmark_value,
        valid_from,
        valid_to
    from {{ ref('kpi_targets') }}

)

-- A KPI is defined once and has one newest period of a kind; targets of a KPI, grain and member follow each other (both tested), so at
-- most one holds on the first day of the period.
select
    cells.kpi_id,
    definitions.catalogue,
    cells.period_type,
    cells.period_start,
    cells.grain,
    cells.unit_value,
    cells.value,
    cells.numerator,
    cells.denominator,
    cells.n,
    case
        when definitions.unit = 'rate'
            then {{ wilson_bound('cells.numerator', 'cells.denominator', 'low') }}
        else cells.value - {{ normal_quantile() }} * cells.standard_error
    end as value_low,
    case
        when definitions.unit = 'rate'
            then {{ wilson_bound('cells.numerator', 'cells.denominator', 'high') }}
        else cells.value + {{ normal_quantile() }} * cells.standard_error
    end as value_high,
    cells.standard_error,
    cells.maturity,
    targets.target_value,
    targets.baseline_value,
    targets.benchmark_value,
    {{ kpi_attainment('cells.value', 'targets.target_value', 'definitions.direction') }}
        as attainment,
    cells.value is null as no_base,
    cells.next_period_start > cells.as_of_date as is_partial,
    coalesce(cells.period_start = latest.latest_start, false) as is_latest,
    {{ build_id() }} as build_id
from cells
inner join definitions on definitions.kpi_id = cells.kpi_id
left join latest
    on
        latest.kpi_id = cells.kpi_id
        and latest.period_type = cells.period_type
left join targets
    on
        targets.kpi_id = cells.kpi_id
        and targets.grain = cells.grain
        and targets.unit_value = cells.unit_value
        and targets.valid_from <= cells.period_start
        and cells.period_start < targets.valid_to
