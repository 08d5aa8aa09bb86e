with

gaps as (

    select kpi_id, period_start, grain, unit_value, value
    from {{ ref('kpi_values') }}
    where
        kpi_id in ('top20_gap', 'baseline_gap')
        and period_type = 'month'
        and grain = 'kpi'
        and is_latest
        and value is not null

),

definitions as (

    select kpi_id, name_en, name_zh, unit
    from {{ ref('kpi_dictionary') }}

),

compared as (

    select kpi_id, period_start, value, baseline_value, benchmark_value
    from {{ ref('fct_target_periods') }}
    where period_type = 'month' and grain = 'total'

),

-- A KPI has one definition and one value of the whole desk a month, so that gaps stay one row.
joined as (

    select
        gaps.kpi_id as gap_kpi_id,
        gaps.period_start,
        gaps.grain,
        gaps.unit_value,
        definitions.name_en as kpi_name_en,
        definitions.name_zh as kpi_name_zh,
        definitions.unit,
        gaps.value as gap,
        compared.value,
        case gaps.kpi_id
            when 'top20_gap' then compared.benchmark_value else compared.baseline_value
        end as measure
    from gaps
    inner join definitions
        on definitions.kpi_id = gaps.unit_value
    left join compared
        on
            compared.kpi_id = gaps.unit_value
            and compared.period_start = gaps.period_start

)

select
    gap_kpi_id,
    period_start,
    grain,
    unit_value,
    kpi_name_en,
    kpi_name_zh,
    {%- for language in ('en', 'zh') %}
    {{ kpi_value_text('value', 'unit', language) }} as value_text_{{ language }},
    {{ kpi_value_text('measure', 'unit', language) }} as measure_text_{{ language }},
    {{ kpi_change_text('gap', 'unit', language) }} as gap_text_{{ language }},
    {%- endfor %}
    {{ build_id() }} as build_id
from joined
