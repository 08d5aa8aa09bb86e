{#- Additive measures by day and dimension: one select for every fact, anchor and agent role, under
    one another, each with nulls for the measures of the others. So no row mixes anchors.
    `dimensions` maps a column of the result to its expression on the facts. With `by_agent`, each
    measure is credited to the agent that its semantic model names for it. -#}
{% macro kpi_branches(dimensions, semantic_models=none, with_snapshots=false, by_agent=false) %}
    {%- set measures = [] -%}
    {%- for measure in kpi_additive(kpi_measures(semantic_models))
            if with_snapshots or not measure.is_snapshot -%}
        {%- do measures.append(dict(
            measure, agent=measure.meta.get('agent', 'null') if by_agent else ''
        )) -%}
    {%- endfor -%}
    {%- for key, branch in measures | groupby('fact') -%}
    {%- set outer_last = loop.last -%}
    {%- for time, timed in branch | groupby('time') -%}
    {%- set middle_last = loop.last -%}
    {%- for agent, owned in timed | groupby('agent') %}
    select
        '{{ owned[0].event }}' as anchor,
        {{ time }} as local_date,
        {%- for column, expression in dimensions.items() %}
        {{ expression }} as {{ column }},
        {%- endfor %}
        {%- if by_agent %}
        {{ "cast(null as text)" if agent == 'null' else agent }} as agent_id,
        {%- endif %}
        {%- for measure in measures %}
        {{ kpi_aggregate(measure) if measure in owned else "cast(null as bigint)" }}
            as {{ measure.name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref(key) }}
    where {{ time }} is not null
    group by all
    {{ "union all" if not (loop.last and middle_last and outer_last) }}
    {%- endfor -%}
    {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
