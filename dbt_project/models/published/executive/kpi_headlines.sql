with

headlines (kpi_id, headline_no) as (

    values
    {%- for kpi_id in var('headline_kpis') %}
    ('{{ kpi_id }}', {{ loop.index }}){{ "," if not loop.last }}
    {%- endfor %}

),

definitions as (

    select kpi_id, name_en, name_zh, unit
    from {{ ref('kpi_dictionary') }}

),

cells as (

    select *
    from {{ ref('kpi_values') }}
    where is_latest and period_type = 'month' and grain in ('total', 'shop')

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

statuses as (

    select member, name_en, name_zh
    from {{ ref('dim_labels') }}
    where kind = 'target_status'

),

-- Every table has one row for a KPI, month and member, so that no join multiplies cells.
joined as (

    select
        cells.kpi_id,
        headlines.headline_no,
        cells.period_start,
        cells.grain,
        cells.unit_value,
        definitions.name_en,
        definitions.name_zh,
        definitions.unit,
        cells.value,
        cells.value_low,
        cells.value_high,
        cells.n,
        changes.base_value,
        changes.change,
        changes.is_better,
        targets.target_value,
        targets.attainment,
        targets.target_status,
        statuses.name_en as status_en,
        statuses.name_zh as status_zh,
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
    left join statuses on statuses.member = targets.target_status

)

select
    kpi_id,
    cast(headline_no as integer) as headline_no,
    period_start,
    grain,
    unit_value,
    name_en as kpi_name_en,
    name_zh as kpi_name_zh,
    case when grain = 'total' then 'All' else unit_value end as unit_name_en,
    case when grain = 'total' then '全部' else unit_value end as unit_name_zh,
    unit,
    value,
    value_low,
    value_high,
    n,
    base_value,
    change,
    target_value,
    attainment,
    target_status,
    owner,
    is_better,
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
order by grain, unit_value, headline_no
