{#- Every record of a fact beside every KPI that is made from it: what it adds to numerator and
    denominator, and if nothing, the one reason why. A KPI whose sides lie on different facts or
    dates, or that is a formula of several, has a part for each. One group of KPIs at a time: binding
    such a view takes as long as it has branches, at every question. -#}
{% macro kpi_explained(group) %}
    {%- set measures = kpi_measures() -%}
    {#- What is made of other KPIs' values has no records; its parts are fct_scorecard_items. -#}
    {%- set composites = kpi_metrics_of(kpi_measures_of_subjects(['composite'])) -%}
    {%- for metric in kpi_metrics()
            if metric not in composites and metric.config.meta.group == group -%}
    {%- set last_metric = loop.last -%}
    {%- for part in kpi_parts(metric, measures) %}
    select
        '{{ metric.name }}' as kpi_id,
        '{{ part.name }}' as part,
        facts.source_system,
        facts.account_id,
        facts.{{ part.whole.time }} as local_date,
        {{ "true" if part.whole.is_snapshot else "false" }} as is_snapshot,
        cast({{ part.whole.fact_meta.get('label', 'null') }} as text) as record_label,
        cast({{ part.whole.fact_meta.get('link') or 'null' }} as text) as record_url,
        cast({{ part.whole.agent or 'null' }} as text) as agent_id,
        {%- for grain in kpi_grain_entities() %}
        cast({{ part.whole.grains.get(grain, 'null') }} as text) as {{ grain }},
        {%- endfor %}
        cast({{ kpi_contribution(part.top) }} as double) as numerator_part,
        cast({{ kpi_contribution(part.whole) if part.is_ratio else 'null' }} as double)
            as denominator_part,
        {{ kpi_role(part) }} as role,
        {{ kpi_reason(part) }} as reason
    from {{ ref(part.whole.fact) }} as facts
    where facts.{{ part.whole.time }} is not null
    {{ "union all" if not (loop.last and last_metric) }}
    {%- endfor -%}
    {%- endfor -%}
{% endmacro %}

{#- One part where numerator and denominator are counted on the same records, else one a measure. -#}
{% macro kpi_parts(metric, measures) %}
    {%- if metric.type == 'ratio' -%}
        {%- set sides = [] -%}
        {%- for side in (metric.type_params.numerator, metric.type_params.denominator) -%}
            {%- set input = kpi_metric(side.name) -%}
            {%- if input.type == 'simple' -%}
                {%- do sides.append(kpi_input_measure(input, measures)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if sides | length == 2
                and sides[0].semantic_model == sides[1].semantic_model
                and sides[0].time == sides[1].time -%}
            {{- return([{
                'name': 'ratio', 'is_ratio': true, 'is_share': metric.config.meta.unit == 'rate',
                'top': sides[0], 'whole': sides[1],
            }]) -}}
        {%- endif -%}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for measure in kpi_measures_of_metrics([metric], measures) -%}
        {%- do parts.append({
            'name': measure.name, 'is_ratio': false, 'is_share': false,
            'top': measure, 'whole': measure,
        }) -%}
    {%- endfor -%}
    {{- return(parts) -}}
{% endmacro %}

{#- What one record adds: its value to a sum, 1 to a count. -#}
{% macro kpi_contribution(measure) %}
    {%- if measure.agg in ('count', 'count_distinct') -%}
        {{- return("case when " ~ measure.expr ~ " is not null then 1 else 0 end") -}}
    {%- endif -%}
    {{- return(measure.expr) -}}
{% endmacro %}

{#- A sum counts what is not 0, anything else what there is. -#}
{% macro kpi_is_in(measure) %}
    {%- if measure.agg == 'sum' -%}
        {{- return("coalesce(" ~ measure.expr ~ ", 0) != 0") -}}
    {%- endif -%}
    {{- return("(" ~ measure.expr ~ ") is not null") -}}
{% endmacro %}

{% macro kpi_role(part) %}
        case
            {%- if part.is_share %}
            when {{ kpi_is_in(part.top) }} then 'numerator'
            when {{ kpi_is_in(part.whole) }} then 'denominator_only'
            {%- else %}
            when {{ kpi_is_in(part.whole) }} or {{ kpi_is_in(part.top) }} then 'numerator'
            {%- endif %}
            else 'excluded'
        end
{%- endmacro %}

{#- The first reason of the measure that holds; of a share, why a record counts in the denominator
    only, or in neither. A record without any says so, and a test finds it. -#}
{% macro kpi_reason(part) %}
        case
            {%- if part.is_share %}
            when {{ kpi_is_in(part.top) }} then null
            when {{ kpi_is_in(part.whole) }} then {{ kpi_first_reason(part.top) }}
            {%- else %}
            when {{ kpi_is_in(part.whole) }} or {{ kpi_is_in(part.top) }} then null
            {%- endif %}
            else {{ kpi_first_reason(part.whole) }}
        end
{%- endmacro %}

{% macro kpi_first_reason(measure) %}
    {%- set reasons = measure.fact_meta.get('reasons', {}) -%}
    {%- if not measure.meta.excluded_by -%}{{- return("'unexplained'") -}}{%- endif %}
            case
                {%- for code in measure.meta.excluded_by %}
                when {{ reasons[code] if code in reasons else kpi_no_reason(measure, code) }}
                    then '{{ code }}'
                {%- endfor %}
                else 'unexplained'
            end
{%- endmacro %}

{% macro kpi_no_reason(measure, code) %}
    {{- exceptions.raise_compiler_error(
        "measure " ~ measure.name ~ " is excluded by " ~ code ~ ", which semantic model "
        ~ measure.semantic_model ~ " does not define among its reasons"
    ) -}}
{% endmacro %}
