{%- set perspectives = ['finance', 'customer', 'process', 'learning'] %}
with

items as (

    select
        *,
        max(period_start) filter (where is_latest) over () as latest_start
    from {{ ref('kpi_scorecard_items') }}
    where period_type = 'quarter'

)

-- A perspective has one score a quarter, which each of its rows repeats.
select
    period_start,
    period_name,
    case when is_latest then 'Newest quarter' else 'Quarter before' end as compared_en,
    case when is_latest then '最近季度' else '上一季度' end as compared_zh,
    {%- for perspective in perspectives %}
    max(perspective_score) filter (where perspective = '{{ perspective }}') as {{ perspective }},
    {%- endfor %}
    is_latest,
    {{ build_id() }} as build_id
from items
where period_start in (latest_start, cast(latest_start - interval 3 month as date))
group by period_start, period_name, is_latest
order by period_start
