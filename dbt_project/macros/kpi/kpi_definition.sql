{#- A metric spelled out down to its measures, so that whoever reads the published file alone can
    compute it over any dimension. `pipelines.transform.semantic` reads this form. -#}
{% macro kpi_definition(metric, measures) %}
    {%- set params = metric.type_params -%}
    {%- if metric.type == 'simple' -%}
        {%- for measure in measures if measure.name == params.measure.name -%}
            {{- return({
                'type': 'simple',
                'fill_nulls_with': params.measure.fill_nulls_with,
                'measure': dict(measure, fact_meta=none),
            }) -}}
        {%- endfor -%}
    {%- elif metric.type == 'ratio' -%}
        {%- set cohort = metric.config.meta.get('cohort') -%}
        {{- return({
            'type': 'ratio',
            'numerator': kpi_definition(kpi_metric(params.numerator.name), measures),
            'denominator': kpi_definition(kpi_metric(params.denominator.name), measures),
            'cohort': kpi_definition(kpi_metric(cohort), measures) if cohort else none,
        }) -}}
    {%- elif metric.type == 'derived' -%}
        {%- set inputs = {} -%}
        {%- for input in params.metrics -%}
            {%- do inputs.update({
                input.alias or input.name: kpi_definition(kpi_metric(input.name), measures)
            }) -%}
        {%- endfor -%}
        {{- return({'type': 'derived', 'expr': params.expr, 'inputs': inputs}) -}}
    {%- endif -%}
{% endmacro %}
