{#- The measures of dbt's semantic models, the only place where a KPI's formula is written down.
    Each is a dictionary: name, agg, percentile, expr, meta, fact (the model it is taken from), time
    (the anchor's column), event (the anchor's name), is_snapshot (may not be added up over days). -#}
{% macro kpi_measures(semantic_models=none) %}
    {%- set found = [] -%}
    {#- While the project is parsed there is no graph yet, and nothing is run. -#}
    {%- set known = graph.semantic_models.values() if execute else [] -%}
    {%- for semantic_model in known | sort(attribute='name')
            if not semantic_models or semantic_model.name in semantic_models -%}
        {%- set times = {} -%}
        {%- for dimension in semantic_model.dimensions if dimension.type == 'time' -%}
            {%- do times.update({dimension.name: dimension}) -%}
        {%- endfor -%}
        {%- for measure in semantic_model.measures -%}
            {%- set time = times[
                measure.agg_time_dimension or semantic_model.defaults.agg_time_dimension
            ] -%}
            {%- do found.append({
                'name': measure.name,
                'agg': measure.agg,
                'percentile': measure.agg_params.percentile if measure.agg_params else none,
                'expr': measure.expr or measure.name,
                'meta': measure.config.meta,
                'semantic_model': semantic_model.name,
                'fact': graph.nodes[semantic_model.depends_on.nodes[0]].name,
                'time': time.expr or time.name,
                'event': time.config.meta.event,
                'is_snapshot': measure.non_additive_dimension is not none,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- Those that may be summed over tickets, agents and teams, and, unless snapshots, over days. -#}
{% macro kpi_additive(measures) %}
    {{- return(measures | rejectattr('agg', 'equalto', 'percentile') | list) -}}
{% endmacro %}

{#- What a KPI is: the metrics that the semantic layer does not mark as mere components. A metric
    that dbt creates from a measure does not take over the measure's mark, so that is looked up. -#}
{% macro kpi_metrics() %}
    {%- set found = [] -%}
    {%- set parts = kpi_measures() | selectattr('meta.component') | map(attribute='name') | list -%}
    {%- set known = graph.metrics.values() if execute else [] -%}
    {%- for metric in known | sort(attribute='name')
            if not (metric.config.meta.component or metric.name in parts) -%}
        {%- do found.append(metric) -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- One measure over a group of rows, in the words of this engine. -#}
{% macro kpi_aggregate(measure, expr=none) %}
    {%- set expr = expr or measure.expr -%}
    {%- if measure.agg in ('sum', 'count') -%}
        {{- "cast(" ~ measure.agg ~ "(" ~ expr ~ ") as bigint)" -}}
    {%- elif measure.agg == 'percentile' -%}
        {{- continuous_percentile(expr, measure.percentile) -}}
    {%- else -%}
        {{- exceptions.raise_compiler_error(
            "measure " ~ measure.name ~ ": aggregation " ~ measure.agg ~ " has no SQL here yet"
        ) -}}
    {%- endif -%}
{% endmacro %}

{#- Linear interpolation between the two nearest ranks. -#}
{% macro continuous_percentile(expr, fraction) %}
    {{- return(adapter.dispatch('continuous_percentile', 'helpmart')(expr, fraction)) -}}
{% endmacro %}

{% macro duckdb__continuous_percentile(expr, fraction) %}
    {{- "cast(quantile_cont(" ~ expr ~ ", " ~ fraction ~ ") as double)" -}}
{% endmacro %}
