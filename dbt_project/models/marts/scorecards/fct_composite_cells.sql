with

target_periods as (

    select *
    from {{ ref('fct_target_periods') }}

),

scorecards as (

    select *
    from {{ ref('fct_scorecards') }}

),

success_factors as (

    select *
    from {{ ref('fct_success_factors') }}

),

balance_months as (

    select *
    from {{ ref('fct_balance_months') }}

),

parts as (

    select
        'target_attainment' as kpi_id,
        period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        {{ exact_sum('attainment') }} as numerator,
        count(*) as denominator,
        count(*) as n,
        min(as_of_date) as as_of_date
    from target_periods
    where attainment is not null
    group by period_type, period_start, next_period_start, grain, unit_value

    union all

    select
        'baseline_gap' as kpi_id,
        period_type,
        period_start,
        next_period_start,
        'kpi' as grain,
        kpi_id as unit_value,
        baseline_gap as numerator,
        1 as denominator,
        1 as n,
        as_of_date
    from target_periods
    where grain = 'total' and baseline_gap is not null

    union all

    select
        'top20_gap' as kpi_id,
        period_type,
        period_start,
        next_period_start,
        'kpi' as grain,
        kpi_id as unit_value,
        top20_gap as numerator,
        1 as denominator,
        1 as n,
        as_of_date
    from target_periods
    where grain = 'total' and top20_gap is not null

    union all

    select
        case scorecard when 'performance' then 'weighted_score' else 'bsc_score' end as kpi_id,
        period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        weighted_points as numerator,
        scored_weight as denominator,
        scored_count as n,
        as_of_date
    from scorecards

    union all

    select
        'csf_status' as kpi_id,
        period_type,
        period_start,
        next_period_start,
        'category' as grain,
        success_factor as unit_value,
        status_no as numerator,
        1 as denominator,
        kpi_count as n,
        as_of_date
    from success_factors

    union all

    select
        'csf_status' as kpi_id,
        period_type,
        period_start,
        next_period_start,
        'total' as grain,
        'total' as unit_value,
        min(status_no) as numerator,
        1 as denominator,
        sum(kpi_count) as n,
        min(as_of_date) as as_of_date
    from success_factors
    group by period_type, period_start, next_period_start

    union all

    select
        'balance_alert' as kpi_id,
        'month' as period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        case when is_alert then 1 else 0 end as numerator,
        1 as denominator,
        1 as n,
        as_of_date
    from balance_months

)

select
    {{ hash_key(['kpi_id', 'period_type', 'period_start', 'grain', 'unit_value']) }}
        as composite_cell_key,
    'all' as source_system,
    'all' as account_id,
    kpi_id,
    period_type,
    period_start,
    next_period_start,
    grain,
    unit_value,
    numerator / nullif(cast(denominator as double), 0) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n as bigint) as n,
    cast(null as double) as standard_error,
    cast(null as double) as maturity,
    as_of_date
from parts
