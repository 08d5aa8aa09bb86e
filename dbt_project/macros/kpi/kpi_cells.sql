{#- Every measure, percentiles included, for each period, grain and member: one select a fact and
    anchor. Computed from the facts for each cell, since percentiles and snapshots do not add up. -#}
{% macro kpi_cells(grains) %}
    {%- set measures = kpi_measures() -%}
    {%- for fact, branch in measures | groupby('fact') -%}
    {%- set outer_last = loop.last -%}
    {%- for time, owned in branch | groupby('time') %}
    {%- set values = owned | map(attribute='expr') | unique | list %}
    select
        period_type,
        period_start,
        {{ kpi_grain_of(grains) }} as grain,
        {{ kpi_member_of(grains) }} as unit_value,
        min(as_of_date) as as_of_date
        {%- for measure in measures %},
        {%- set value = "v" ~ values.index(measure.expr) if measure in owned %}
        {%- if measure not in owned %}
        cast(null as {{ "double" if measure.agg == 'percentile' else "bigint" }})
        {%- else %}
        {{ kpi_aggregate(measure, value, owned) }}
        {%- endif %} as {{ measure.name }}
        {%- if measure.agg == 'percentile' %},
        {{ "count(" ~ value ~ ")" if measure in owned else "cast(null as bigint)" }}
            as {{ measure.name }}_n
        {%- endif %}
        {%- endfor %}
    from (
        select
            days.period_type,
            days.period_start,
            accounts.as_of_date,
            {%- for column in grains.values() %}
            facts.{{ column }},
            {%- endfor %}
            {%- for value in values %}
            {{ value }} as v{{ loop.index0 }}{{ "," if not loop.last }}
            {%- endfor %}
        from {{ ref(fact) }} as facts
        inner join accounts
            on
                accounts.source_system = facts.source_system
                and accounts.account_id = facts.account_id
        inner join {{ "last_days" if kpi_is_snapshot(owned) else "period_days" }} as days
            on
                days.account_key = accounts.account_key
                and days.local_date = facts.{{ time }}
    ) as facts
    group by grouping sets (
        (period_type, period_start),
        {%- for column in grains.values() %}
        (period_type, period_start, {{ column }}){{ "," if not loop.last }}
        {%- endfor %}
    )
    {{ "union all" if not (loop.last and outer_last) }}
    {%- endfor -%}
    {%- endfor -%}
{% endmacro %}

{#- A select either takes the last day of a period or all of it. -#}
{% macro kpi_is_snapshot(measures) %}
    {%- set kinds = measures | map(attribute='is_snapshot') | unique | list -%}
    {%- if kinds | length > 1 -%}
        {{- exceptions.raise_compiler_error(
            "semantic model " ~ measures[0].semantic_model ~ " mixes snapshots with flows on "
            ~ measures[0].time ~ ": give the flows a semantic model of their own"
        ) -}}
    {%- endif -%}
    {{- return(kinds[0]) -}}
{% endmacro %}

{% macro kpi_grain_of(grains) %}
        case
            {%- for grain, column in grains.items() %}
            when grouping({{ column }}) = 0 then '{{ grain }}'
            {%- endfor %}
            else 'total'
        end
{%- endmacro %}

{% macro kpi_member_of(grains) %}
        case
            {%- for column in grains.values() %}
            when grouping({{ column }}) = 0 then {{ column }}
            {%- endfor %}
            else 'total'
        end
{%- endmacro %}
