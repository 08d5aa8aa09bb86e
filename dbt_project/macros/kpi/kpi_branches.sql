{#- Additive measures by day and dimension: one select for every fact, anchor and attribution, under
    one another, each with nulls for the measures of the others. So no row mixes anchors.
    `dimensions` maps a column of the result to its expression on the facts; a fact without the column
    that it names has 'none' there. With `by_agent`, each measure is credited to the agent that its
    semantic model names for it. -#}
{% macro kpi_branches(dimensions, semantic_models=none, with_snapshots=false, by_agent=false) %}
    {%- set measures = [] -%}
    {%- for measure in kpi_additive(kpi_measures(semantic_models))
            if with_snapshots or not measure.is_snapshot -%}
        {%- set role = measure.attribution if by_agent else 'none' -%}
        {%- do measures.append(dict(measure, branch=[measure.fact, measure.time, role] | join)) -%}
    {%- endfor -%}
    {%- for _, owned in measures | groupby('branch') %}
    {%- set first = owned[0] %}
    select
        '{{ first.event }}' as anchor,
        {{ first.time }} as local_date,
        {%- for column, expression in dimensions.items() %}
        {{ kpi_dimension_of(first.fact, expression) }} as {{ column }},
        {%- endfor %}
        {%- if by_agent %}
        '{{ first.attribution }}' as attribution,
        {{ first.agent or "cast(null as text)" }} as agent_id,
        {%- endif %}
        {%- for measure in measures %}
        {{ kpi_aggregate(measure) if measure in owned else "cast(null as bigint)" }}
            as {{ measure.name }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ ref(first.fact) }}
    where {{ first.time }} is not null
    group by all
    {{ "union all" if not loop.last }}
    {%- endfor -%}
{% endmacro %}

{#- What the contract of a fact doesn't name can't be selected from it; a formula stays as it is. -#}
{% macro kpi_dimension_of(fact, expression) %}
    {%- for node in graph.nodes.values() if node.name == fact and node.resource_type == 'model' -%}
        {%- if expression in node.columns or not modules.re.fullmatch('[a-z_]+', expression) -%}
            {{- return(expression) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return("'none'") -}}
{% endmacro %}
