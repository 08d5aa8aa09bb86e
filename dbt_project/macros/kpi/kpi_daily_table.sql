{#- A daily table of the additive measures of some semantic models, by date and dimension.
    by_agent: a row for each mode of attribution and agent as well.
    one_anchor: several of the facts share an anchor, so that their rows of a day and unit are added. -#}
{% macro kpi_daily_table(dimensions, semantic_models, by_agent=false, one_anchor=false) %}
with

daily as (
    {{ kpi_branches(dimensions, semantic_models, by_agent=by_agent) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    {%- if by_agent %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    {%- endif %}
    {%- for measure in kpi_additive(kpi_measures(semantic_models)) | rejectattr('is_snapshot') %}
    {%- if one_anchor %}
    {{ kpi_aggregate(dict(measure, agg='sum', expr=measure.name)) }} as {{ measure.name }},
    {%- else %}
    {{ measure.name }},
    {%- endif %}
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
{%- if one_anchor %}
group by all
{%- endif %}
order by local_date, anchor
{% endmacro %}
