{#- What has to be computed for KPI cells: which measures together, which KPIs from them. -#}

{#- Grains of `kpi_values` and the entity of a semantic model that offers each, in this order. -#}
{% macro kpi_grain_entities() %}
    {{- return([
        'channel', 'team', 'priority', 'shop', 'topic', 'queue', 'cause', 'platform', 'course',
        'category', 'scorecard', 'segment', 'skill', 'policy', 'source',
    ]) -}}
{% endmacro %}

{#- All measures but those of composite semantic models, which are computed from KPI values. -#}
{% macro kpi_measures_of_subjects(only=none, without=()) %}
    {%- set found = [] -%}
    {%- for measure in kpi_measures()
            if (only is none or measure.subject in only) and measure.subject not in without -%}
        {%- do found.append(measure) -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- Branches by key: members of all grains, and for each agent role the people. Agents by month and
    quarter only: a day of one person says little, and the daily tables have it. -#}
{% macro kpi_cell_branches(measures) %}
    {%- set found = {} -%}
    {%- for measure in measures -%}
        {%- set roles = [none] + ([measure.agent] if measure.agent else []) -%}
        {%- for role in roles -%}
            {%- set key = [measure.semantic_model, measure.time, role or 'members'] | join('|') -%}
            {%- if key not in found -%}
                {%- do found.update({key: {
                    'key': key,
                    'alias': 'branch_' ~ (found | length + 1),
                    'fact': measure.fact,
                    'time': measure.time,
                    'may_lie_ahead': measure.may_lie_ahead,
                    'role': role,
                    'grains': {} if role else measure.grains,
                    'periods': ['month', 'quarter'] if role else ['day', 'week', 'month', 'quarter'],
                    'is_snapshot': measure.is_snapshot,
                    'measures': [],
                }}) -%}
            {%- endif -%}
            {%- if found[key].is_snapshot != measure.is_snapshot -%}
                {{- exceptions.raise_compiler_error(
                    "semantic model " ~ measure.semantic_model ~ " mixes snapshots with flows on "
                    ~ measure.time ~ ": give the flows a semantic model of their own"
                ) -}}
            {%- endif -%}
            {%- do found[key].measures.append(measure) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{% macro kpi_metrics_of(measures) %}
    {%- set found = [] -%}
    {%- set names = measures | map(attribute='name') | list -%}
    {%- for metric in kpi_metrics()
            if kpi_input_names(metric) | reject('in', names) | list | length == 0 -%}
        {%- do found.append(metric) -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- Names of the measures that a metric comes from, at any depth. -#}
{% macro kpi_input_names(metric) %}
    {%- set params = metric.type_params -%}
    {%- set meta = metric.config.meta -%}
    {%- set names = [] -%}
    {%- set inputs = [] -%}
    {%- if metric.type == 'simple' -%}
        {%- do names.append(params.measure.name) -%}
    {%- elif metric.type == 'ratio' -%}
        {%- do inputs.extend([params.numerator.name, params.denominator.name]) -%}
    {%- else -%}
        {%- for input in params.metrics or [] -%}
            {%- do inputs.append(input.name) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for key in ('cohort', 'base', 'standard_error') if meta.get(key) -%}
        {%- do inputs.append(meta[key]) -%}
    {%- endfor -%}
    {%- for name in inputs -%}
        {%- do names.extend(kpi_input_names(kpi_metric(name))) -%}
    {%- endfor -%}
    {{- return(names | unique | list) -}}
{% endmacro %}

{% macro kpi_measures_of_metrics(metrics, measures) %}
    {%- set names = [] -%}
    {%- for metric in metrics -%}
        {%- do names.extend(kpi_input_names(metric)) -%}
    {%- endfor -%}
    {{- return(measures | selectattr('name', 'in', names) | list) -}}
{% endmacro %}

{% macro kpi_has_any(branch, measures) %}
    {%- for measure in measures if measure in branch.measures -%}
        {{- return(true) -}}
    {%- endfor -%}
    {{- return(false) -}}
{% endmacro %}

{#- `within`: by branch, the KPIs that it can compute alone. `across`: those that no branch of
    members can; where all roles of a KPI agree, its branch of people computes it as well. -#}
{% macro kpi_cell_plans(metrics, measures, branches) %}
    {%- set within = {} -%}
    {%- set across = [] -%}
    {%- for key in branches -%}
        {%- do within.update({key: []}) -%}
    {%- endfor -%}
    {%- for metric in metrics -%}
        {%- set names = kpi_input_names(metric) -%}
        {%- set state = namespace(alone=false) -%}
        {%- for branch in branches.values() -%}
            {%- set held = branch.measures | map(attribute='name') | list -%}
            {%- if names | reject('in', held) | list | length == 0 -%}
                {%- do within[branch.key].append(metric) -%}
                {%- set state.alone = state.alone or not branch.role -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not state.alone -%}
            {%- do across.append(metric) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return({'within': within, 'across': across}) -}}
{% endmacro %}
