with

periods as (

    select *
    from {{ ref('fct_target_periods') }}
    where grain = 'total' and target_status is not null

),

factors as (

    select success_factor, name_en, name_zh, kpi_id
    from {{ ref('success_factors') }}

),

-- The worst of the linked KPIs, of which at least one has a target.
worst as (

    select
        factors.success_factor,
        factors.name_en,
        factors.name_zh,
        periods.period_type,
        periods.period_start,
        periods.next_period_start,
        count(*) as kpi_count,
        min(
            case periods.target_status when 'red' then 0 when 'amber' then 1 else 2 end
        ) as status_no,
        min_by(periods.kpi_id, (periods.attainment, periods.kpi_id)) as worst_kpi_id,
        min(periods.as_of_date) as as_of_date
    from periods
    inner join factors
        on factors.kpi_id = periods.kpi_id
    group by
        factors.success_factor,
        factors.name_en,
        factors.name_zh,
        periods.period_type,
        periods.period_start,
        periods.next_period_start

)

select
    {{ hash_key(['success_factor', 'period_type', 'period_start']) }} as success_factor_key,
    success_factor,
    name_en,
    name_zh,
    period_type,
    period_start,
    next_period_start,
    kpi_count,
    status_no,
    case status_no when 0 then 'red' when 1 then 'amber' else 'green' end as status,
    worst_kpi_id,
    as_of_date
from worst
order by period_type, period_start, success_factor
