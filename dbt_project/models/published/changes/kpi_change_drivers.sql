with

{{ kpi_standard_pairs() }},

{{ kpi_bridge('pairs', period_types=['month', 'quarter']) }},

ranked as (

    select
        *,
        row_number() over (
            partition by kpi_id, period_type, period_start, comparison, grain
            order by abs(total_effect) desc, unit_value
        ) as driver_rank
    from bridged

),

shown as (

    select
        *,
        1 as member_count
    from ranked
    where driver_rank <= {{ var('change_members') }}

    union all by name

    -- The smallest effects are one row: sums of effects stay what they are.
    select
        kpi_id,
        period_type,
        period_start,
        comparison,
        base_period_start,
        grain,
        'other_members' as unit_value,
        'other_members' as member_kind,
        'several' as presence,
        min(driver_rank) as driver_rank,
        count(*) as member_count,
        {{ exact_sum('base_numerator') }} as base_numerator,
        {{ exact_sum('base_denominator') }} as base_denominator,
        {{ exact_sum('numerator') }} as numerator,
        {{ exact_sum('denominator') }} as denominator,
        {{ exact_sum('base_numerator') }}
        / nullif(coalesce({{ exact_sum('base_denominator') }}, 1), 0) as base_value,
        {{ exact_sum('numerator') }}
        / nullif(coalesce({{ exact_sum('denominator') }}, 1), 0) as value,
        {{ exact_sum('base_share') }} as base_share,
        {{ exact_sum('share') }} as share,
        {{ exact_sum('mix_effect') }} as mix_effect,
        {{ exact_sum('rate_effect') }} as rate_effect,
        {{ exact_sum('entry_effect') }} as entry_effect,
        {{ exact_sum('exit_effect') }} as exit_effect,
        {{ exact_sum('total_effect') }} as total_effect,
        false as is_against,
        change,
        strength,
        against_share,
        is_paradox
    from ranked
    where driver_rank > {{ var('change_members') }}
    group by
        kpi_id,
        period_type,
        period_start,
        comparison,
        base_period_start,
        grain,
        change,
        strength,
        against_share,
        is_paradox

)

select
    kpi_id,
    period_type,
    period_start,
    comparison,
    base_period_start,
    grain,
    unit_value,
    member_kind,
    presence,
    cast(member_count as integer) as member_count,
    cast(driver_rank as integer) as driver_rank,
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
    total_effect / nullif(change, 0) as share_of_change,
    strength,
    against_share,
    is_against,
    is_paradox,
    {{ build_id() }} as build_id
from shown
order by kpi_id, period_type, period_start, comparison, grain, driver_rank
