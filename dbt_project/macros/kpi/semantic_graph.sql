{#- The measures of dbt's semantic models, the only place where a KPI's formula is written down.
    Each is a dictionary: name, agg, percentile, expr, type, meta, subject, fact (the model it is taken
    from), fact_meta (label, link and reasons of its rows), time (the anchor's column), event (the
    anchor's name), grains (grain to column), is_snapshot (may not be added up over days),
    counted_apart (its value is no number of records). -#}
{% macro kpi_measures(semantic_models=none) %}
    {%- set found = [] -%}
    {#- While the project is parsed there is no graph yet, and nothing is run. -#}
    {%- set known = graph.semantic_models.values() if execute else [] -%}
    {%- for semantic_model in known | sort(attribute='name')
            if not semantic_models or semantic_model.name in semantic_models -%}
        {%- set dimensions = {} -%}
        {%- for dimension in semantic_model.dimensions -%}
            {%- do dimensions.update({dimension.name: dimension}) -%}
        {%- endfor -%}
        {%- set offered = {} -%}
        {%- for entity in semantic_model.entities -%}
            {%- do offered.update({entity.name: entity.expr or entity.name}) -%}
        {%- endfor -%}
        {%- set grains = {} -%}
        {%- for grain in kpi_grain_entities() if grain in offered -%}
            {%- do grains.update({grain: offered[grain]}) -%}
        {%- endfor -%}
        {%- for measure in semantic_model.measures -%}
            {%- set time = dimensions[
                measure.agg_time_dimension or semantic_model.defaults.agg_time_dimension
            ] -%}
            {%- set agent = dimensions.get(measure.config.meta.agent) -%}
            {%- do found.append({
                'name': measure.name,
                'agg': measure.agg,
                'percentile': measure.agg_params.percentile if measure.agg_params else none,
                'expr': measure.expr or measure.name,
                'type': measure.config.meta.type or 'bigint',
                'meta': measure.config.meta,
                'semantic_model': semantic_model.name,
                'subject': (semantic_model.config.meta or {}).get('subject', 'desk'),
                'fact_meta': semantic_model.config.meta or {},
                'grains': grains,
                'fact': graph.nodes[semantic_model.depends_on.nodes[0]].name,
                'time': time.expr or time.name,
                'event': time.config.meta.event,
                'may_lie_ahead': time.config.meta.may_lie_ahead or false,
                'agent': (agent.expr or agent.name) if agent else none,
                'attribution': agent.config.meta.attribution if agent else 'none',
                'is_snapshot': measure.non_additive_dimension is not none,
                'counted_apart': measure.agg in ('percentile', 'max')
                    or measure.config.meta.type == 'double',
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- Those that may be summed over tickets, agents and teams, and, unless snapshots, over days. -#}
{% macro kpi_additive(measures) %}
    {{- return(measures | selectattr('agg', 'in', ['sum', 'count']) | list) -}}
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

{#- One measure over a group of rows, in the words of this engine. Of the `others` only those on the
    same expression count: their percentiles are taken in one go. -#}
{% macro kpi_aggregate(measure, expr=none, others=()) %}
    {%- set expr = expr or measure.expr -%}
    {%- if measure.agg == 'sum' and measure.type == 'double' -%}
        {{- exact_sum(expr) -}}
    {%- elif measure.agg in ('sum', 'count', 'max') -%}
        {{- "cast(" ~ measure.agg ~ "(" ~ expr ~ ") as " ~ measure.type ~ ")" -}}
    {%- elif measure.agg == 'count_distinct' -%}
        {{- "count(distinct " ~ expr ~ ")" -}}
    {%- elif measure.agg == 'percentile' -%}
        {%- set family = others | selectattr('agg', 'equalto', 'percentile')
            | selectattr('expr', 'equalto', measure.expr) | map(attribute='percentile') | list -%}
        {{- continuous_percentile(expr, measure.percentile, family or [measure.percentile]) -}}
    {%- else -%}
        {{- exceptions.raise_compiler_error(
            "measure " ~ measure.name ~ ": aggregation " ~ measure.agg ~ " has no SQL here yet"
        ) -}}
    {%- endif -%}
{% endmacro %}

{#- Linear interpolation between the two nearest ranks. -#}
{% macro continuous_percentile(expr, fraction, family) %}
    {{- return(adapter.dispatch('continuous_percentile', 'helpmart')(expr, fraction, family)) -}}
{% endmacro %}

{#- DuckDB computes an aggregate that is written several times once: one sort for all fractions. -#}
{% macro duckdb__continuous_percentile(expr, fraction, family) %}
    {{- "cast(quantile_cont(" ~ expr ~ ", " ~ family ~ ")[" ~ (family.index(fraction) + 1) ~ "]"
        ~ " as double)" -}}
{% endmacro %}
