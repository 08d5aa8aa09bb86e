{#- The standard error of a quotient of sums, from its single records: by linearisation,
    sqrt(sum((x - r d)^2) k / (k - 1)) / sum(d), which for a plain mean is the usual s / sqrt(n).
    Shares have a Wilson interval instead. -#}

{#- The two measures of a KPI that has such an error, or none. -#}
{% macro kpi_spread_measures(metric, measures) %}
    {%- if metric.type != 'ratio' or metric.config.meta.unit == 'rate' -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set sides = [] -%}
    {%- for side in (metric.type_params.numerator, metric.type_params.denominator) -%}
        {%- set part = kpi_metric(side.name) -%}
        {%- if part.type == 'simple' and part.type_params.measure.fill_nulls_with is none -%}
            {%- for measure in measures
                    if measure.name == part.type_params.measure.name
                    and measure.agg in ('sum', 'count') and not measure.is_snapshot -%}
                {%- do sides.append(measure) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(sides if sides | length == 2 else none) -}}
{% endmacro %}

{#- Sums of squares and products; a count of the very values that are summed needs only one. -#}
{% macro kpi_spread_sums(metric, measures, values) %}
    {%- set sides = kpi_spread_measures(metric, measures) -%}
    {%- if sides -%}
        {%- set x = kpi_spread_value(sides[0], values) -%}
        {%- set d = kpi_spread_value(sides[1], values) -%}
        {#- Squares of whole seconds need the room, those of fractions the decimals. -#}
        {%- set types = sides | map(attribute='type') -%}
        {%- set decimals = 15 if 'double' in types else 6 -%},
            {{ exact_sum(x ~ ' * ' ~ x, decimals) }} as {{ metric.name }}_xx
        {%- if not kpi_is_plain_mean(sides) %},
            {{ exact_sum(x ~ ' * coalesce(' ~ d ~ ', 0)', decimals) }} as {{ metric.name }}_xd,
            {{ exact_sum(d ~ ' * ' ~ d, decimals) }} as {{ metric.name }}_dd,
            count(nullif({{ d }}, 0)) as {{ metric.name }}_k
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro kpi_spread_value(measure, values) %}
    {%- set value = "v" ~ values.index(measure.expr) -%}
    {{- return(
        "cast(" ~ value ~ " as double)" if measure.agg == 'sum'
        else "(case when " ~ value ~ " is not null then 1.0 end)"
    ) -}}
{% endmacro %}

{% macro kpi_is_plain_mean(sides) %}
    {{- return(sides[1].agg == 'count' and sides[1].expr == sides[0].expr) -}}
{% endmacro %}

{% macro kpi_standard_error(metric, measures, kpi, relation) %}
    {%- set stated = metric.config.meta.get('standard_error') -%}
    {%- if stated -%}
        {{- return(kpi_value(kpi_metric(stated), measures).value) -}}
    {%- endif -%}
    {%- set sides = kpi_spread_measures(metric, measures) if relation != 'met' else none -%}
    {%- if not sides -%}
        {{- return('null') -}}
    {%- endif -%}
    {%- set r = "(" ~ kpi.value ~ ")" -%}
    {%- set whole = "nullif(" ~ sides[1].name ~ ", 0)" -%}
    {%- if kpi_is_plain_mean(sides) -%}
        {%- set squares = metric.name ~ "_xx - " ~ r ~ " * " ~ sides[0].name -%}
        {%- set k = sides[1].name -%}
    {%- else -%}
        {%- set squares = metric.name ~ "_xx - 2 * " ~ r ~ " * " ~ metric.name ~ "_xd + "
            ~ r ~ " * " ~ r ~ " * " ~ metric.name ~ "_dd" -%}
        {%- set k = metric.name ~ "_k" -%}
    {%- endif -%}
    {{- return(
        "case when " ~ k ~ " > 1 then sqrt(greatest(" ~ squares ~ ", 0) * " ~ k ~ " / (" ~ k
        ~ " - 1)) / " ~ whole ~ " end"
    ) -}}
{% endmacro %}
