with

perspectives as (

    select kpi_id, min(perspective) as perspective
    from {{ ref('seed_weights') }}
    group by kpi_id

),

-- The sheet of targets weighs the KPIs of the performance score; what it says of the whole desk
-- holds for all its members. A KPI is of one perspective here.
own as (

    select
        'performance' as scorecard,
        case when targets.grain = 'total' then '*' else targets.grain end as grain,
        coalesce(perspectives.perspective, 'process') as perspective,
        targets.kpi_id,
        cast(targets.weight as double) as weight,
        targets.valid_from,
        targets.valid_to
    from {{ ref('int_targets__unioned') }} as targets
    left join perspectives
        on perspectives.kpi_id = targets.kpi_id
    where
        targets.weight is not null
        and (targets.grain = 'total' or targets.unit_value in ('*', 'all'))
    qualify row_number() over (
        partition by targets.grain, targets.kpi_id, targets.valid_from
        order by targets.account_id asc, targets.unit_value asc
    ) = 1

)

select
    scorecard,
    grain,
    perspective,
    kpi_id,
    weight,
    'company' as status,
    valid_from,
    valid_to
from own

union all

select
    scorecard,
    '*' as grain,
    perspective,
    kpi_id,
    weight,
    'seed, unaudited' as status,
    {{ beginning_of_time() }} as valid_from,
    {{ end_of_time() }} as valid_to
from {{ ref('seed_weights') }}
