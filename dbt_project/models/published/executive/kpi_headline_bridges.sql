with

headlines as (

    select *
    from {{ ref('kpi_headlines') }}
    where kpi_id in ('csat_score', 'first_response_time')

),

-- A shop is split by channel, a channel by shop; to the bridge each is a KPI of its own.
sides as (
    {% for side, part in [('shop', 'channel'), ('channel', 'shop')] %}
    select
        kpi_id,
        period_start,
        '{{ side }}' as side,
        {{ side }} as unit_value,
        {{ part }} as part,
        numerator,
        denominator
    from {{ ref('kpi_shop_channel_months') }}
    where denominator is not null
    {{- "\n\n    union all\n" if not loop.last }}
    {%- endfor %}

),

cells as (

    select
        kpi_id || '/' || side || '/' || unit_value as kpi_id,
        'month' as cell_type,
        period_start as cell_start,
        'part' as grain,
        part as unit_value,
        numerator,
        denominator
    from sides

    union all

    select
        kpi_id || '/' || side || '/' || unit_value as kpi_id,
        'month' as cell_type,
        period_start as cell_start,
        'total' as grain,
        'total' as unit_value,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from sides
    group by kpi_id, side, unit_value, period_start

),

pairs as (

    select distinct
        'month' as period_type,
        period_start,
        'previous' as comparison,
        'month' as base_period_type,
        cast(period_start - interval 1 month as date) as base_period_start
    from headlines

),

{{ kpi_bridge('pairs', own_cells=true) }},

of_units as (

    select
        kpi_id as cell,
        period_start,
        {{ exact_sum('mix_effect') }} as mix_effect,
        {{ exact_sum('rate_effect') }} as rate_effect,
        {{ exact_sum('entry_effect') }} as entry_effect,
        {{ exact_sum('exit_effect') }} as exit_effect
    from bridged
    group by cell, period_start

),

-- The whole by channel, as the page of changes splits it.
of_whole as (

    select
        kpi_id || '/total/total' as cell,
        period_start,
        mix_effect,
        rate_effect,
        entry_effect,
        exit_effect
    from {{ ref('kpi_changes') }}
    where period_type = 'month' and comparison = 'previous' and grain = 'channel'

),

of_all as (

    select *
    from of_units

    union all

    select *
    from of_whole

),

steps as (

    select
        of_all.cell,
        of_all.period_start,
        names.member as step,
        names.sort_no as step_no,
        names.name_en as step_name_en,
        names.name_zh as step_name_zh,
        case names.member
            when 'mix' then of_all.mix_effect
            when 'rate' then of_all.rate_effect
            when 'entry' then of_all.entry_effect
            else of_all.exit_effect
        end as effect
    from of_all
    inner join {{ ref('dim_labels') }} as names
        on
            names.kind = 'change_step'
            and names.member in ('mix', 'rate', 'entry', 'exit')

)

-- A KPI, month and member is one headline.
select
    headlines.kpi_id,
    headlines.kpi_name_en,
    headlines.kpi_name_zh,
    headlines.period_start,
    headlines.period_name_en,
    headlines.period_name_zh,
    headlines.grain,
    headlines.unit_value,
    headlines.shop_name_en,
    headlines.shop_name_zh,
    headlines.channel_name_en,
    headlines.channel_name_zh,
    steps.step,
    cast(steps.step_no as integer) as step_no,
    steps.step_name_en,
    steps.step_name_zh,
    steps.effect,
    {{ kpi_shown('steps.effect', 'headlines.unit') }} as amount,
    {{ build_id() }} as build_id
from headlines
inner join steps
    on
        steps.period_start = headlines.period_start
        and steps.cell
        = headlines.kpi_id || '/' || headlines.grain || '/' || headlines.unit_value
order by headlines.period_start, headlines.kpi_id, steps.cell, steps.step_no
