with

headlines (kpi_id, headline_no) as (

    {{ kpis_in_order(var('headline_kpis')) }}

),

definitions as (

    select kpi_id, name_en, name_zh, unit, direction
    from {{ ref('kpi_dictionary') }}

),

finished as (

    select
        *,
        max(period_start) filter (where is_latest) over (partition by kpi_id) as latest_start
    from {{ ref('kpi_values') }}
    where
        period_type = 'month'
        and grain in ('total', 'shop', 'channel')
        and not is_partial
        and kpi_id in (select headlines.kpi_id from headlines)

),

of_one_grain as (

    select
        kpi_id,
        period_type,
        period_start,
        is_latest,
        grain,
        unit_value,
        case when grain = 'shop' then unit_value end as shop,
        case when grain = 'channel' then unit_value end as channel,
        value,
        value_low,
        value_high,
        n
    from finished
    where
        period_start <= latest_start
        and period_start > latest_start - interval {{ var('change_months') }} month

),

-- Of a shop and a channel together only what daily tables tell; the whole has one cell a month.
of_two_grains as (

    select
        together.kpi_id,
        whole.period_type,
        together.period_start,
        whole.is_latest,
        'shop_channel' as grain,
        together.shop || ' / ' || together.channel as unit_value,
        together.shop,
        together.channel,
        together.value,
        case
            when definitions.unit = 'rate'
                then {{ wilson_bound('together.numerator', 'together.denominator', 'low') }}
        end as value_low,
        case
            when definitions.unit = 'rate'
                then {{ wilson_bound('together.numerator', 'together.denominator', 'high') }}
        end as value_high,
        together.n
    from {{ ref('kpi_shop_channel_months') }} as together
    inner join of_one_grain as whole
        on
            whole.kpi_id = together.kpi_id
            and whole.period_start = together.period_start
            and whole.grain = 'total'
    inner join definitions on definitions.kpi_id = together.kpi_id

),

cells as (

    select *
    from of_one_grain

    union all

    select *
    from of_two_grains

),

-- A member without a target of its own is held to that of the whole.
targets as (

    select *
    from {{ ref('fct_target_periods') }}
    where period_type = 'month'

),

changes as (

    select *
    from {{ ref('kpi_changes') }}
    where period_type = 'month' and comparison = 'previous' and grain = 'total'

),

names as (

    select kind, member, name_en, name_zh
    from {{ ref('dim_labels') }}
    where kind in ('target_status', 'channel', 'shop')

),

-- Every table has one row for a KPI, month and member, so that no join multiplies cells.
joined as (

    select
        cells.kpi_id,
        headlines.headline_no,
        cells.period_start,
        cells.period_type,
        cells.is_latest,
        cells.grain,
        cells.unit_value,
        definitions.name_en,
        definitions.name_zh,
        definitions.unit,
        cells.value,
        cells.value_low,
        cells.value_high,
        cells.n,
        -- Changes are published for the whole alone.
        case when cells.grain = 'total' then changes.base_value else before.value end
            as base_value,
        case when cells.grain = 'total' then changes.change else cells.value - before.value end
            as change,
        definitions.direction,
        targets.baseline_value,
        targets.target_value,
        targets.attainment,
        targets.target_status,
        statuses.name_en as status_en,
        statuses.name_zh as status_zh,
        case when cells.shop is null then 'All' else coalesce(shops.name_en, cells.shop) end
            as shop_name_en,
        case when cells.shop is null then '全部' else coalesce(shops.name_zh, cells.shop) end
            as shop_name_zh,
        case
            when cells.channel is null then 'All'
            else coalesce(channels.name_en, cells.channel)
        end as channel_name_en,
        case
            when cells.channel is null then '全部'
            else coalesce(channels.name_zh, cells.channel)
        end as channel_name_zh,
        targets.owner
    from cells
    inner join headlines on headlines.kpi_id = cells.kpi_id
    inner join definitions on definitions.kpi_id = cells.kpi_id
    left join targets
        on
            targets.kpi_id = cells.kpi_id
            and targets.period_start = cells.period_start
            and targets.grain = cells.grain
            and targets.unit_value = cells.unit_value
    left join changes
        on
            changes.kpi_id = cells.kpi_id
            and changes.period_start = cells.period_start
            and cells.grain = 'total'
    left join cells as before
        on
            before.kpi_id = cells.kpi_id
            and before.grain = cells.grain
            and before.unit_value = cells.unit_value
            and before.period_start = cells.period_start - interval 1 month
    left join names as statuses
        on
            statuses.kind = 'target_status'
            and statuses.member = targets.target_status
    left join names as shops
        on
            shops.kind = 'shop'
            and shops.member = cells.shop
    left join names as channels
        on
            channels.kind = 'channel'
            and channels.member = cells.channel

)

select
    kpi_id,
    cast(headline_no as integer) as headline_no,
    period_start,
    is_latest,
    {{ kpi_period_name('joined', 'en') }} as period_name_en,
    {{ kpi_period_name('joined', 'zh') }} as period_name_zh,
    grain,
    unit_value,
    name_en as kpi_name_en,
    name_zh as kpi_name_zh,
    case grain
        when 'shop' then shop_name_en
        when 'shop_channel' then shop_name_en || ' / ' || channel_name_en
        else channel_name_en
    end as unit_name_en,
    case grain
        when 'shop' then shop_name_zh
        when 'shop_channel' then shop_name_zh || ' / ' || channel_name_zh
        else channel_name_zh
    end as unit_name_zh,
    shop_name_en,
    shop_name_zh,
    channel_name_en,
    channel_name_zh,
    unit,
    value,
    value_low,
    value_high,
    n,
    base_value,
    change,
    target_value,
    baseline_value,
    attainment,
    target_status,
    owner,
    case
        when change = 0 then null
        when direction = 'up' then change > 0
        when direction = 'down' then change < 0
    end as is_better,
    {%- for language in ('en', 'zh') %}
    {%- set open_end = {'en': ' to ', 'zh': '至'}[language] %}
    coalesce({{ kpi_value_text('value', 'unit', language) }}, '—') as value_text_{{ language }},
    coalesce({{ kpi_value_text('target_value', 'unit', language) }}, '—')
        as target_text_{{ language }},
    coalesce(
        {{ kpi_value_text('value_low', 'unit', language) }}
        || '{{ open_end }}'
        || {{ kpi_value_text('value_high', 'unit', language) }},
        '—'
    ) as interval_text_{{ language }},
    coalesce({{ kpi_change_text('change', 'unit', language) }}, '—') as change_text_{{ language }},
    {%- endfor %}
    coalesce(status_en, 'No target') as status_en,
    coalesce(status_zh, '未设目标') as status_zh,
    {{ build_id() }} as build_id
from joined
order by period_start, grain, unit_value, headline_no
