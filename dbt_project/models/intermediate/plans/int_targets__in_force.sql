with

targets as (

    select *
    from {{ ref('int_targets__stated') }}

),

benchmarks as (

    select
        kpi_id,
        grain,
        unit_value,
        set_name,
        member_count,
        top20_value,
        status,
        valid_from,
        valid_to
    from {{ ref('int_benchmarks__in_force') }}

),

spans as (

    select kpi_id, grain, unit_value, valid_from, valid_to
    from targets

    union all

    select kpi_id, grain, unit_value, valid_from, valid_to
    from benchmarks

),

edges as (

    select kpi_id, grain, unit_value, valid_from
    from spans

    union

    select kpi_id, grain, unit_value, valid_to as valid_from
    from spans

),

pieces as (

    select
        kpi_id,
        grain,
        unit_value,
        valid_from,
        lead(valid_from) over (
            partition by kpi_id, grain, unit_value order by valid_from
        ) as valid_to
    from edges

),

-- The company's own target goes before the texts' figure, the newer before the older one.
targeted as (

    select
        pieces.kpi_id,
        pieces.grain,
        pieces.unit_value,
        pieces.valid_from,
        pieces.valid_to,
        targets.unit,
        targets.target_value,
        targets.baseline_value,
        targets.baseline_kind,
        targets.owner,
        targets.due_date,
        targets.source,
        targets.status
    from pieces
    left join targets
        on
            targets.kpi_id = pieces.kpi_id
            and targets.grain = pieces.grain
            and targets.unit_value = pieces.unit_value
            and targets.valid_from <= pieces.valid_from
            and pieces.valid_from < targets.valid_to
    where pieces.valid_to is not null
    qualify row_number() over (
        partition by pieces.kpi_id, pieces.grain, pieces.unit_value, pieces.valid_from
        order by targets.status asc, targets.valid_from desc, targets.source asc
    ) = 1

)

-- The sets of a KPI and member follow each other, so at most one holds.
select
    targeted.kpi_id,
    targeted.grain,
    targeted.unit_value,
    targeted.unit,
    targeted.target_value,
    targeted.baseline_value,
    targeted.baseline_kind,
    benchmarks.top20_value as benchmark_value,
    benchmarks.set_name as benchmark_set,
    benchmarks.member_count as benchmark_n,
    targeted.owner,
    targeted.due_date,
    coalesce(targeted.source, benchmarks.set_name) as source,
    coalesce(targeted.status, benchmarks.status) as status,
    targeted.valid_from,
    targeted.valid_to
from targeted
left join benchmarks
    on
        benchmarks.kpi_id = targeted.kpi_id
        and benchmarks.grain = targeted.grain
        and benchmarks.unit_value = targeted.unit_value
        and benchmarks.valid_from <= targeted.valid_from
        and targeted.valid_from < benchmarks.valid_to
where targeted.status is not null or benchmarks.status is not null
