{#- CTEs up to `pairs`: the months and quarters that the whole desk has values of, each beside the
    one before and that of the year before. Those of the last `change_months` months. -#}
{% macro kpi_standard_pairs() %}
periods as (

    select distinct period_type, period_start
    from {{ ref('kpi_values') }}
    where period_type in ('month', 'quarter') and grain = 'total'

),

first_kept as (

    select
        max(period_start) - interval {{ var('change_months') }} month as kept_after
    from periods

),

pairs as (

    select
        periods.period_type,
        periods.period_start,
        case
            when bases.period_start = periods.period_start - interval 12 month then 'year_before'
            else 'previous'
        end as comparison,
        bases.period_type as base_period_type,
        bases.period_start as base_period_start
    from periods
    cross join first_kept
    -- Two at most: the period before and that of the year before.
    inner join periods as bases
        on
            bases.period_type = periods.period_type
            and (
                {{ kpi_next_period('bases.period_type', 'bases.period_start') }}
                = periods.period_start
                or bases.period_start = periods.period_start - interval 12 month
            )
    where periods.period_start > first_kept.kept_after

)
{%- endmacro %}
