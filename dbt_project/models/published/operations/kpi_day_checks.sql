with

watched (kpi_id, kpi_no) as (

    {{ kpis_in_order(var('daily_kpis')) }}

),

definitions as (

    select
        dictionary.kpi_id,
        watched.kpi_no,
        dictionary.name_en,
        dictionary.name_zh,
        dictionary.unit,
        dictionary.direction,
        dictionary.bridge_kind = 'count' as is_count
    from {{ ref('kpi_dictionary') }} as dictionary
    inner join watched on watched.kpi_id = dictionary.kpi_id

),

cells as (

    select kpi_id, grain, unit_value, period_start as local_date, value, numerator, denominator
    from {{ ref('kpi_values') }}
    where
        period_type = 'day'
        and grain in ('total', 'team')
        and not is_partial
        and kpi_id in (select watched.kpi_id from watched)

),

reach as (

    select min(local_date) as first_date, max(local_date) as last_date
    from cells
    where grain = 'total'

),

members as (

    select distinct grain, unit_value
    from cells

),

weeks as (

    select weeks_back
    from unnest(range(1, {{ var('anomaly_weeks') }} + 1)) as known (weeks_back)

),

days as (

    select reach.last_date as local_date, 0 as weeks_back
    from reach

    union all

    select
        cast(reach.last_date - interval (7 * weeks.weeks_back) day as date) as local_date,
        weeks.weeks_back
    from reach
    cross join weeks
    where reach.last_date - interval (7 * weeks.weeks_back) day >= reach.first_date

),

-- Of a count a day without a record is a day of 0; a rate has none.
placed as (

    select
        definitions.*,
        members.grain,
        members.unit_value,
        days.local_date,
        days.weeks_back,
        if(definitions.is_count, coalesce(cells.value, 0), cells.value) as value,
        cells.numerator,
        cells.denominator
    from definitions
    cross join members
    cross join days
    left join cells
        on
            cells.kpi_id = definitions.kpi_id
            and cells.grain = members.grain
            and cells.unit_value = members.unit_value
            and cells.local_date = days.local_date

),

compared as (

    select
        kpi_id,
        kpi_no,
        name_en,
        name_zh,
        unit,
        direction,
        is_count,
        grain,
        unit_value,
        max(local_date) as local_date,
        max(value) filter (where weeks_back = 0) as value,
        case
            when is_count then {{ exact_mean('value', where='weeks_back > 0') }}
            else
                {{ exact_sum('numerator', where='weeks_back > 0') }}
                / nullif({{ exact_sum('denominator', where='weeks_back > 0') }}, 0)
        end as usual_value,
        count(*) filter (where weeks_back > 0) as usual_days
    from placed
    group by
        kpi_id, kpi_no, name_en, name_zh, unit, direction, is_count, grain, unit_value

),

judged as (

    select
        *,
        value - usual_value as difference,
        case
            when value is null or usual_value is null or value = usual_value then null
            when direction = 'up' then value > usual_value
            when direction = 'down' then value < usual_value
        end as is_better
    from compared

),

names as (

    select member, name_en, name_zh
    from {{ ref('dim_labels') }}
    where kind = 'team'

)

select
    judged.kpi_id,
    cast(judged.kpi_no as integer) as kpi_no,
    judged.name_en as kpi_name_en,
    judged.name_zh as kpi_name_zh,
    judged.local_date,
    judged.grain,
    judged.unit_value,
    case when judged.grain = 'total' then 'All' else coalesce(names.name_en, judged.unit_value) end
        as unit_name_en,
    case when judged.grain = 'total' then '全部' else coalesce(names.name_zh, judged.unit_value) end
        as unit_name_zh,
    judged.value,
    judged.usual_value,
    judged.usual_days,
    judged.difference,
    judged.is_better,
    {%- for language in ('en', 'zh') %}
    coalesce({{ kpi_value_text('judged.value', 'judged.unit', language) }}, '—')
        as value_text_{{ language }},
    coalesce(
        case
            when judged.is_count then printf('%.1f', judged.usual_value)
            else {{ kpi_value_text('judged.usual_value', 'judged.unit', language) }}
        end,
        '—'
    ) as usual_text_{{ language }},
    {%- endfor %}
    {{ build_id() }} as build_id
from judged
left join names on names.member = judged.unit_value
-- A team that does not do this work has nothing to compare.
where
    coalesce(judged.value, judged.usual_value) is not null
    and not (
        judged.grain = 'team'
        and judged.is_count
        and judged.value = 0
        and judged.usual_value = 0
    )
order by judged.grain desc, judged.unit_value asc, judged.kpi_no asc
