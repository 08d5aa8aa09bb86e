{#- A metric over one row of measures: value, numerator and denominator (ratios only), n, the number
    of records it rests on, and the maturity of a cohort, the share of it whose observation window has
    closed. A ratio without a base is null, never 0. -#}
{% macro kpi_value(metric, measures) %}
    {%- set params = metric.type_params -%}
    {%- do kpi_refuse_unknown(metric) -%}
    {%- if metric.type == 'simple' -%}
        {%- set measure = kpi_input_measure(metric, measures) -%}
        {{- return({
            'value': measure.name,
            'numerator': 'null',
            'denominator': 'null',
            'n': measure.base,
            'maturity': 'null',
        }) -}}
    {%- elif metric.type == 'ratio' -%}
        {%- set numerator = kpi_value(kpi_metric(params.numerator.name), measures).value -%}
        {%- set whole = kpi_value(kpi_metric(params.denominator.name), measures) -%}
        {%- set denominator = whole.value -%}
        {%- set cohort = metric.config.meta.get('cohort') -%}
        {%- set base = metric.config.meta.get('base') -%}
        {{- return({
            'value': share_of(numerator, denominator),
            'numerator': numerator,
            'denominator': denominator,
            'n': kpi_value(kpi_metric(base), measures).n if base else whole.n,
            'maturity': share_of(
                denominator, kpi_value(kpi_metric(cohort), measures).value
            ) if cohort else 'null',
        }) -}}
    {%- elif metric.type == 'derived' -%}
        {%- set formula = namespace(text=params.expr) -%}
        {%- set bases = [] -%}
        {%- set base = metric.config.meta.get('base') -%}
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
            'n': kpi_value(kpi_metric(base), measures).n if base else bases | join(' + '),
            'maturity': 'null',
        }) -}}
    {%- endif -%}
{% endmacro %}

{% macro share_of(part, whole) %}
    {{- return(part ~ ' / nullif(cast(' ~ whole ~ ' as double), 0)') -}}
{% endmacro %}

{% macro kpi_metric(name) %}
    {%- set metric = graph.metrics.get('metric.' ~ project_name ~ '.' ~ name) -%}
    {%- if not metric -%}
        {{- exceptions.raise_compiler_error("no metric is called " ~ name) -}}
    {%- endif -%}
    {{- return(metric) -}}
{% endmacro %}

{#- The measure of a simple metric; its name stands for `coalesce` where the metric fills nulls, its
    base for the number of records behind it. -#}
{% macro kpi_input_measure(metric, measures) %}
    {%- set input = metric.type_params.measure -%}
    {%- for measure in measures if measure.name == input.name -%}
        {%- set base = measure.name ~ '_n' if measure.counted_apart else measure.name -%}
        {%- if input.fill_nulls_with is none -%}
            {{- return(dict(measure, base=base)) -}}
        {%- else -%}
            {%- set fill = ', ' ~ input.fill_nulls_with ~ ')' -%}
            {{- return(dict(
                measure, name='coalesce(' ~ measure.name ~ fill, base='coalesce(' ~ base ~ fill
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
