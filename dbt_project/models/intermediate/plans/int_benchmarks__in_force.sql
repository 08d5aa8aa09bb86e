with

kpis as (

    select kpi_id, direction
    from {{ ref('int_kpis__defined') }}

),

-- The contract of benchmarks knows no members of ours: a set speaks of whole desks.
stated as (

    select
        kpi_id,
        'total' as grain,
        'total' as unit_value,
        set_name,
        as_of_date as set_date,
        {{ in_kpi_unit('value', 'unit') }} as value,
        'company' as status
    from {{ ref('int_benchmarks__unioned') }}

    union all

    select
        kpi_id,
        grain,
        unit_value,
        set_name,
        {{ beginning_of_time() }} as set_date,
        value,
        'seed, unaudited' as status
    from {{ ref('seed_benchmarks') }}

),

-- A set has one version a KPI: its newest day.
sets as (

    select
        stated.kpi_id,
        stated.grain,
        stated.unit_value,
        stated.set_name,
        max(stated.set_date) as set_date,
        min(stated.status) as status,
        count(*) as member_count,
        min(kpis.direction) as direction,
        {{ continuous_percentile('stated.value', 0.2, [0.2, 0.5, 0.8]) }} as low_fifth,
        {{ continuous_percentile('stated.value', 0.5, [0.2, 0.5, 0.8]) }} as median_value,
        {{ continuous_percentile('stated.value', 0.8, [0.2, 0.5, 0.8]) }} as high_fifth
    from stated
    left join kpis
        on kpis.kpi_id = stated.kpi_id
    group by stated.kpi_id, stated.grain, stated.unit_value, stated.set_name

),

-- Of two sets of the same day the company's own and then the larger one counts.
chosen as (

    select *
    from sets
    qualify row_number() over (
        partition by kpi_id, grain, unit_value, set_date
        order by status asc, member_count desc, set_name asc
    ) = 1

)

-- The best fifth of what is better the lower lies at the low end.
select
    kpi_id,
    grain,
    unit_value,
    set_name,
    set_date,
    member_count,
    case when direction = 'down' then low_fifth else high_fifth end as top20_value,
    median_value,
    status,
    set_date as valid_from,
    coalesce(
        lead(set_date) over (partition by kpi_id, grain, unit_value order by set_date),
        {{ end_of_time() }}
    ) as valid_to
from chosen
