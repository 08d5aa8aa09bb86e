with

items as (

    select
        *,
        max(period_start) filter (where next_period_start <= as_of_date)
            over (partition by period_type) as latest_start
    from {{ ref('fct_scorecard_items') }}
    where scorecard = 'balanced' and grain = 'total'

),

definitions as (

    select kpi_id, name_en, name_zh, unit
    from {{ ref('kpi_dictionary') }}

),

periods as (

    select *
    from {{ ref('fct_target_periods') }}
    where grain = 'total'

),

perspectives as (

    select member, name_en, name_zh, sort_no
    from {{ ref('dim_labels') }}
    where kind = 'perspective'

),

-- A KPI has one definition, one value a period and one perspective, so that items stay one row.
joined as (

    select
        items.period_type,
        items.period_start,
        items.perspective,
        perspectives.sort_no as perspective_no,
        perspectives.name_en as perspective_name_en,
        perspectives.name_zh as perspective_name_zh,
        items.kpi_id,
        definitions.name_en as kpi_name_en,
        definitions.name_zh as kpi_name_zh,
        definitions.unit,
        items.weight,
        periods.target_value,
        periods.value,
        items.attainment,
        items.points,
        -- Of the weight that has points, in its perspective: what is missing does not count as 0.
        {{ exact_sum('items.points * items.weight', over='by_perspective') }}
        / nullif(
            {{ exact_sum(
                'items.weight', where='items.points is not null', over='by_perspective'
            ) }},
            0
        ) as perspective_score,
        items.is_missing,
        coalesce(items.period_start = items.latest_start, false) as is_latest
    from items
    inner join definitions on definitions.kpi_id = items.kpi_id
    left join perspectives on perspectives.member = items.perspective
    left join periods
        on
            periods.kpi_id = items.kpi_id
            and periods.period_type = items.period_type
            and periods.period_start = items.period_start
    window
        by_perspective as (
            partition by items.period_type, items.period_start, items.perspective
        )

)

select
    period_type,
    period_start,
    case period_type
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y-%m')
    end as period_name,
    perspective,
    cast(perspective_no as integer) as perspective_no,
    coalesce(perspective_name_en, perspective) as perspective_name_en,
    coalesce(perspective_name_zh, perspective) as perspective_name_zh,
    kpi_id,
    kpi_name_en,
    kpi_name_zh,
    weight,
    attainment,
    points,
    perspective_score,
    {%- for language in ('en', 'zh') %}
    coalesce({{ kpi_value_text('target_value', 'unit', language) }}, '—')
        as target_text_{{ language }},
    coalesce({{ kpi_value_text('value', 'unit', language) }}, '—') as value_text_{{ language }},
    {%- endfor %}
    is_missing,
    is_latest,
    {{ build_id() }} as build_id
from joined
order by period_type asc, period_start asc, perspective_no asc, weight desc, kpi_id asc
