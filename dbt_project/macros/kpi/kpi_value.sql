{#- A metric over one row of measures: value, numerator and denominator (ratios only), n, the number
    of records it rests on, and the maturity of a cohort, the share of it whose observation window has
    closed. A ratio without a base is null, never 0. -#}
{% macro kpi_value(metric, measures) %}
    {%- set params = metric.type_params -%}
    {%- do kpi_refuse_unknown(metric) -%}
    {%- if metric.type == 'simple' -%}
        {%- set measure = kpi_input_measure(metric, measures) -%}
        {%- set is_percentile = measure.agg == 'percentile' -%}
        {{- return({
            'value': measure.name,
            'numerator': 'null',
            'denominator': 'null',
            'n': measure.name ~ '_n' if is_percentile else measure.name,
            'maturity': 'null',
        }) -}}
    {%- elif metric.type == 'ratio' -%}
        {%- set numerator = kpi_value(kpi_metric(params.numerator.name), measures).value -%}
        {%- set denominator = kpi_value(kpi_metric(params.denominator.name), measures).value -%}
        {%- set cohort = metric.config.meta.get('cohort') -%}
        {{- return({
            'value': share_of(numerator, denominator),
            'numerator': numerator,
            'denominator': denominator,
            'n': denominator,
            'maturity': share_of(
                denominator, kpi_value(kpi_metric(cohort), measures).value
            ) if cohort else 'null',
        }) -}}
    {%- elif metric.type == 'derived' -%}
        {%- set formula = namespace(text=params.expr) -%}
        {%- set bases = [] -%}
        {%- for input in params.metrics -%}
            {%- set part = kpi_value(kpi_metric(input.name), measures) -%}
            {%- set formula.text = modules.re.sub(
                '\\b' ~ (input.alias or input.name) ~ '\\b', '(' ~ part.value ~ ')', formula.text
            ) -%}
            {%- do bases.append(part.n) -%}
        {%- endfor -%}
        {{- return({
            'value': formula.text,
            'numerator': 'null',
            'denominator': 'null',
            'n': bases | join(' + '),
            'maturity': 'null',
        }) -}}
    {%- endif -%}
{% endmacro %}

{% macro share_of(part, whole) %}
    {{- return(part ~ ' / nullif(cast(' ~ whole ~ ' as double), 0)') -}}
{% endmacro %}

{% macro kpi_metric(name) %}
    {%- for metric in graph.metrics.values() if metric.name == name -%}
        {{- return(metric) -}}
    {%- endfor -%}
    {{- exceptions.raise_compiler_error("no metric is called " ~ name) -}}
{% endmacro %}

{#- The measure of a simple metric; its name stands for `coalesce` where the metric fills nulls. -#}
{% macro kpi_input_measure(metric, measures) %}
    {%- set input = metric.type_params.measure -%}
    {%- for measure in measures if measure.name == input.name -%}
        {%- if input.fill_nulls_with is none -%}
            {{- return(measure) -}}
        {%- else -%}
            {{- return(dict(
                measure, name='coalesce(' ~ measure.name ~ ', ' ~ input.fill_nulls_with ~ ')'
            )) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- exceptions.raise_compiler_error(metric.name ~ ": no measure " ~ input.name) -}}
{% endmacro %}

{#- What MetricFlow can say and these macros can't must not be read as something else. -#}
{% macro kpi_refuse_unknown(metric) %}
    {%- set filtered = metric.filter or metric.type_params.get('window') -%}
    {%- if metric.type not in ('simple', 'ratio', 'derived') or filtered -%}
        {{- exceptions.raise_compiler_error(
            metric.name ~ ": metrics of type " ~ metric.type
            ~ ", filters and windows have no SQL here yet; state the condition in a measure"
        ) -}}
    {%- endif -%}
{% endmacro %}
