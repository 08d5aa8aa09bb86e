{#- The exact bridge of a KPI from a base period to another by every grain: how much of the change
    each member accounts for, and as what. docs/changes.md explains the arithmetic.

    `pairs` names a CTE (period_type, period_start, comparison, base_period_type, base_period_start).
    CTEs up to `bridged`: one row per KPI, pair, grain and member, with what a grain has in common
    (change, strength, against_share, is_paradox) repeated on it. With `own_cells` the caller has a
    CTE `cells` (kpi_id, cell_type, cell_start, grain, unit_value, numerator, denominator). -#}
{% macro kpi_bridge(pairs, period_types=(), own_cells=false) %}
{%- set pair = ['period_type', 'period_start', 'comparison', 'base_period_type', 'base_period_start'] -%}
{%- set keys = 'kpi_id, ' ~ pair | join(', ') -%}
{%- set sides = ['base_numerator', 'base_denominator', 'numerator', 'denominator'] -%}

{% if not own_cells -%}
cells as (

    -- A numerator without any record is 0. A count is its own numerator; a KPI is defined once.
    select
        kpi_values.kpi_id,
        kpi_values.period_type as cell_type,
        kpi_values.period_start as cell_start,
        kpi_values.grain,
        kpi_values.unit_value,
        case
            when kinds.bridge_kind = 'count' then kpi_values.value
            else coalesce(kpi_values.numerator, 0)
        end as numerator,
        case when kinds.bridge_kind = 'quotient' then coalesce(kpi_values.denominator, 0) end
            as denominator
    from {{ ref('kpi_values') }} as kpi_values
    inner join {{ ref('kpi_dictionary') }} as kinds on kinds.kpi_id = kpi_values.kpi_id
    where
        kinds.bridge_kind <> 'none'
        {%- if period_types %}
        and kpi_values.period_type in ('{{ period_types | join("', '") }}')
        {%- endif %}

),

{% endif -%}
sided_cells as (

    select
        {{ keys }},
        grain,
        unit_value,
        numerator as base_numerator,
        denominator as base_denominator,
        cast(null as double) as numerator,
        cast(null as double) as denominator
    from cells
    inner join {{ pairs }}
        on cell_type = base_period_type and cell_start = base_period_start

    union all

    select
        {{ keys }},
        grain,
        unit_value,
        cast(null as double) as base_numerator,
        cast(null as double) as base_denominator,
        numerator,
        denominator
    from cells
    inner join {{ pairs }}
        on cell_type = period_type and cell_start = period_start

),

paired_cells as (

    -- Each side has one cell of a member.
    select
        {{ keys }},
        grain,
        unit_value,
        {%- for side in sides %}
        max({{ side }}) as {{ side }}{{ "," if not loop.last }}
        {%- endfor %}
    from sided_cells
    group by {{ keys }}, grain, unit_value
    -- A member that adds nothing to either period has no part in a change.
    having
        grain = 'total'
        {%- for side in sides %}
        or max({{ side }}) <> 0
        {%- endfor %}

),

-- Both periods have the KPI, and a quotient a base: else there is no change to explain.
paired_totals as (

    select
        {{ keys }},
        {%- for side in sides %}
        {{ side }} as total_{{ side }},
        {%- endfor %}
        base_numerator / coalesce(base_denominator, 1) as total_base_value,
        numerator / coalesce(denominator, 1) as total_value
    from paired_cells
    where
        grain = 'total'
        and base_numerator is not null
        and numerator is not null
        and coalesce(base_denominator, 1) <> 0
        and coalesce(denominator, 1) <> 0

),

-- What the members leave of the total: of a KPI over two facts, members that only one of them has.
left_over as (

    select
        {{ keys }},
        grain,
        {%- for side in sides %}
        any_value(total_{{ side }}) - coalesce({{ exact_sum(side) }}, 0) as {{ side }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from paired_cells
    inner join paired_totals using ({{ keys }})
    where grain <> 'total'
    group by {{ keys }}, grain
    having
        {%- for side in sides %}
        abs(any_value(total_{{ side }}) - coalesce({{ exact_sum(side) }}, 0))
        > 1e-9 * abs(any_value(total_{{ side }})){{ " or" if not loop.last }}
        {%- endfor %}

),

members as (

    select
        {{ keys }},
        grain,
        unit_value,
        'member' as member_kind,
        {{ sides | join(', ') }}
    from paired_cells
    where grain <> 'total'

    union all

    select
        {{ keys }},
        grain,
        'unallocated' as unit_value,
        'unallocated' as member_kind,
        {{ sides | join(', ') }}
    from left_over

),

-- A share is of the total's base; a part is what the member adds to the total's value.
weighed as (

    select
        members.*,
        total_base_value,
        total_value,
        total_denominator is null as is_count,
        total_value - total_base_value as change,
        (total_base_value + total_value) / 2 as centre,
        base_numerator / nullif(coalesce(base_denominator, 1), 0) as base_value,
        numerator / nullif(coalesce(denominator, 1), 0) as value,
        coalesce(base_denominator, 0) / total_base_denominator as base_share,
        coalesce(denominator, 0) / total_denominator as share,
        coalesce(base_numerator, 0) / coalesce(total_base_denominator, 1) as base_part,
        coalesce(numerator, 0) / coalesce(total_denominator, 1) as part
    from members
    inner join paired_totals using ({{ keys }})

),

present as (

    select
        *,
        case
            when base_value is not null and value is not null then 'stayed'
            when value is not null then 'entered'
            when base_value is not null then 'left'
            else 'without_base'
        end as presence,
        part - base_part - case when is_count then 0 else centre * (share - base_share) end
            as total_effect,
        case
            when is_count
                then (base_part + part) / nullif(total_base_value + total_value, 0)
            else (base_share + share) / 2
        end as mean_share
    from weighed

),

split as (

    select
        *,
        case
            when is_count then null
            when presence = 'stayed' then (share - base_share) * ((base_value + value) / 2 - centre)
            else 0
        end as mix_effect,
        case
            when is_count then null
            when presence = 'stayed' then mean_share * (value - base_value)
            when presence = 'without_base' then total_effect
            else 0
        end as rate_effect,
        case
            when is_count then null
            when presence = 'entered' then total_effect
            else 0
        end as entry_effect,
        case
            when is_count then null
            when presence = 'left' then total_effect
            else 0
        end as exit_effect,
        not is_count
        and presence = 'stayed'
        and member_kind = 'member'
        and (value - base_value) * change < 0 as is_against
    from present

),

grains as (

    select
        {{ keys }},
        grain,
        -- What the dimension's make-up explains, and what one member adds beyond its share.
        abs(coalesce({{ exact_sum('mix_effect + entry_effect + exit_effect') }}, 0))
        + max(abs(coalesce(rate_effect, total_effect) - coalesce(mean_share, 0) * change))
            as strength,
        {{ exact_sum('mean_share', where='is_against') }}
        / nullif(
            {{ exact_sum(
                'mean_share', where="presence = 'stayed' and member_kind = 'member' and not is_count"
            ) }}, 0
        ) as against_share,
        count(*) filter (where is_against) >= 2
        and {{ exact_sum('rate_effect') }} * any_value(change) < 0
        and abs(any_value(change))
        > 1e-12 * (abs(any_value(total_base_value)) + abs(any_value(total_value))) as is_reversed
    from split
    group by {{ keys }}, grain

),

bridged as (

    select
        split.*,
        grains.strength,
        coalesce(grains.against_share, 0) as against_share,
        grains.is_reversed
        and grains.against_share >= {{ var('paradox_share') }} as is_paradox
    from split
    inner join grains using ({{ keys }}, grain)

)
{%- endmacro %}
