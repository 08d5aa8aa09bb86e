-- Whoever is credited, a KPI's month has one total: the modes share it out differently.
with

totals as (

    select
        kpi_id,
        month_start,
        mode,
        sum(numerator) as numerator,
        coalesce(sum(denominator), 0) as denominator
    from {{ ref('kpi_attribution_monthly') }}
    group by kpi_id, month_start, mode

)

-- Thirds add up to one but for the last digits of a double.
select kpi_id, month_start
from totals
group by kpi_id, month_start
having
    count(*) != {{ attribution_modes() | length }}
    or max(numerator) - min(numerator) > 1e-9 * greatest(max(abs(numerator)), 1)
    or max(denominator) - min(denominator) > 1e-9 * greatest(max(denominator), 1)
