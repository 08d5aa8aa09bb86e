{%- set keys = 'kpi_id, period_type, period_start, comparison' %}

with

{{ kpi_standard_pairs() }},

desk as (

    select
        kpi_values.*,
        dictionary.direction
    from {{ ref('kpi_values') }} as kpi_values
    inner join {{ ref('kpi_dictionary') }} as dictionary
        on dictionary.kpi_id = kpi_values.kpi_id
    where kpi_values.grain = 'total' and kpi_values.period_type in ('month', 'quarter')

),

-- A cell is unique by KPI, period, grain and member, so each side of a pair is found once.
totals as (

    select
        desk.kpi_id,
        pairs.period_type,
        pairs.period_start,
        pairs.comparison,
        pairs.base_period_start,
        desk.direction,
        bases.value as base_value,
        desk.value,
        desk.value - bases.value as change,
        bases.value_low as base_value_low,
        bases.value_high as base_value_high,
        desk.value_low,
        desk.value_high,
        bases.n as base_n,
        desk.n,
        bases.maturity as base_maturity,
        desk.maturity,
        desk.is_partial or bases.is_partial as is_partial
    from desk
    inner join pairs
        on
            pairs.period_type = desk.period_type
            and pairs.period_start = desk.period_start
    inner join desk as bases
        on
            bases.kpi_id = desk.kpi_id
            and bases.period_type = pairs.base_period_type
            and bases.period_start = pairs.base_period_start

),

with_intervals as (

    select
        *,
        change - sqrt(power(value - value_low, 2) + power(base_value_high - base_value, 2))
            as change_low,
        change + sqrt(power(value_high - value, 2) + power(base_value - base_value_low, 2))
            as change_high
    from totals

),

-- Of two equal effects the one with the better rank is the greater, so that two runs agree.
drivers as (

    select
        *,
        member_kind = 'member' as is_member,
        (abs(mix_effect), -driver_rank) as mix_size,
        (abs(rate_effect), -driver_rank) as rate_size,
        (abs(entry_effect), -driver_rank) as entry_size,
        (abs(exit_effect), -driver_rank) as exit_size,
        -driver_rank as total_size
    from {{ ref('kpi_change_drivers') }}

),

bridged as (

    select
        {{ keys }},
        grain,
        sum(member_count) as member_count,
        {{ exact_sum('mix_effect') }} as mix_effect,
        {{ exact_sum('rate_effect') }} as rate_effect,
        {{ exact_sum('entry_effect') }} as entry_effect,
        {{ exact_sum('exit_effect') }} as exit_effect,
        {{ exact_sum('total_effect') }} as total_effect,
        any_value(strength) as strength,
        any_value(against_share) as against_share,
        any_value(is_paradox) as is_paradox,
        arg_max(unit_value, mix_size) filter (where is_member) as mix_member,
        arg_max(unit_value, rate_size) filter (where is_member) as rate_member,
        arg_max(unit_value, entry_size) filter (where is_member) as entry_member,
        arg_max(unit_value, exit_size) filter (where is_member) as exit_member,
        arg_max(unit_value, total_size) filter (where is_member) as total_member
    from drivers
    group by {{ keys }}, grain

),

named as (

    select
        *,
        case
            when mix_effect is null then 'volume'
            when abs(mix_effect) >= greatest(abs(rate_effect), abs(entry_effect), abs(exit_effect))
                then 'mix'
            when abs(rate_effect) >= greatest(abs(entry_effect), abs(exit_effect)) then 'rate'
            when abs(entry_effect) >= abs(exit_effect) then 'entry'
            else 'exit'
        end as main_effect,
        -- People come last: with many of them chance moves more than any cause.
        row_number() over (
            partition by {{ keys }}
            order by (grain = 'agent') asc, strength desc, grain asc
        ) as grain_rank
    from bridged

),

of_grains as (

    select
        with_intervals.*,
        named.grain,
        named.member_count,
        named.mix_effect,
        named.rate_effect,
        named.entry_effect,
        named.exit_effect,
        with_intervals.change
        - coalesce(
            named.mix_effect + named.rate_effect + named.entry_effect + named.exit_effect,
            named.total_effect
        ) as residual,
        named.strength,
        named.grain_rank,
        named.main_effect,
        case named.main_effect
            when 'mix' then named.mix_member
            when 'rate' then named.rate_member
            when 'entry' then named.entry_member
            when 'exit' then named.exit_member
            else named.total_member
        end as main_member,
        named.against_share,
        named.is_paradox
    from with_intervals
    -- A grain of a pair is one row.
    inner join named
        on
            named.kpi_id = with_intervals.kpi_id
            and named.period_type = with_intervals.period_type
            and named.period_start = with_intervals.period_start
            and named.comparison = with_intervals.comparison

),

all_rows as (

    select
        *,
        'total' as grain,
        false as is_paradox
    from with_intervals

    union all by name

    select *
    from of_grains

)

select
    kpi_id,
    period_type,
    period_start,
    comparison,
    base_period_start,
    grain,
    base_value,
    value,
    change,
    change / nullif(abs(base_value), 0) as relative_change,
    change_low,
    change_high,
    base_n,
    n,
    base_maturity,
    maturity,
    cast(member_count as integer) as member_count,
    mix_effect,
    rate_effect,
    entry_effect,
    exit_effect,
    residual,
    strength,
    cast(grain_rank as integer) as grain_rank,
    main_effect,
    main_member,
    against_share,
    is_paradox,
    change_low > 0 or change_high < 0 as is_clear,
    case
        when change = 0 then null
        when direction = 'up' then change > 0
        when direction = 'down' then change < 0
    end as is_better,
    is_partial,
    coalesce(
        period_start = max(period_start) filter (where not is_partial)
            over (partition by kpi_id, period_type, comparison),
        false
    ) as is_latest,
    {{ build_id() }} as build_id
from all_rows
order by kpi_id, period_type, period_start, comparison, grain_rank nulls first
