{{ config(materialized='view') }}

with

periods as (

    select distinct period_type, period_start
    from {{ ref('kpi_values') }}
    where grain = 'total'

),

pairs as (

    select
        periods.period_type,
        periods.period_start,
        'any' as comparison,
        bases.period_type as base_period_type,
        bases.period_start as base_period_start
    from periods
    cross join periods as bases

),

{{ kpi_bridge('pairs') }}

select
    kpi_id,
    period_type,
    period_start,
    base_period_type,
    base_period_start,
    grain,
    unit_value,
    member_kind,
    presence,
    total_base_value,
    total_value,
    base_numerator,
    base_denominator,
    base_value,
    base_share,
    numerator,
    denominator,
    value,
    share,
    mix_effect,
    rate_effect,
    entry_effect,
    exit_effect,
    total_effect,
    strength,
    against_share,
    is_against,
    is_paradox
from bridged
