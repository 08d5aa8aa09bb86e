{#- One KPI by month, attribution mode and agent: its own measures, weighted by the credits for the
    event that it is about. A record without a credit stays with `unknown`, so every mode sums to
    the total. Takes simple metrics and ratios of two measures of one fact and anchor. -#}
{% macro kpi_attributed(kpi_id, event) %}
    {%- set found = [] -%}
    {%- set known = kpi_measures() -%}
    {%- if execute -%}
        {%- set metric = kpi_metric(kpi_id) -%}
        {%- set params = metric.type_params -%}
        {%- set sides = [metric] if metric.type == 'simple' else [
            kpi_metric(params.numerator.name), kpi_metric(params.denominator.name)
        ] -%}
        {%- for side in sides -%}
            {%- for measure in known if measure.name == side.type_params.measure.name -%}
                {%- do found.append(measure) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set anchors = found | map(attribute='time') | unique | list -%}
        {%- set facts = found | map(attribute='fact') | unique | list -%}
        {%- if anchors | length != 1 or facts | length != 1 or found | length != sides | length -%}
            {{- exceptions.raise_compiler_error(
                kpi_id ~ ": only a measure, or two of one fact and anchor, can be credited"
            ) -}}
        {%- endif %}
    select
        '{{ kpi_id }}' as kpi_id,
        cast(date_trunc('month', records.local_date) as date) as month_start,
        modes.mode,
        coalesce(credits.source_system, records.source_system) as source_system,
        coalesce(credits.account_id, records.account_id) as account_id,
        coalesce(credits.agent_id, 'unknown') as agent_id,
        {{ exact_sum('records.numerator * coalesce(credits.weight, 1)') }} as numerator,
        {{ exact_sum('records.denominator * coalesce(credits.weight, 1)') }} as denominator
    from (
        select
            ticket_key,
            source_system,
            account_id,
            {{ found[0].time }} as local_date,
            cast({{ kpi_row_value(found[0]) }} as double) as numerator,
            {{ "cast(" ~ kpi_row_value(found[1]) ~ " as double)" if found | length > 1
                else "cast(null as double)" }} as denominator
        from {{ ref(facts[0]) }}
        where {{ found[0].time }} is not null
    ) as records
    cross join (
        values ('{{ attribution_modes() | join("'), ('") }}')
    ) as modes (mode)
    left join {{ ref('fct_ticket_credits') }} as credits
        on
            credits.ticket_key = records.ticket_key
            and credits.mode = modes.mode
            and credits.event in ('any', '{{ event }}')
    where
        {{ "records.denominator != 0" if found | length > 1 else "records.numerator != 0" }}
    group by all
    {%- endif -%}
{% endmacro %}

{#- What one row of a fact adds to a measure. -#}
{% macro kpi_row_value(measure) %}
    {%- if measure.agg == 'sum' -%}
        {{- return(measure.expr) -}}
    {%- elif measure.agg == 'count' -%}
        {{- return("case when (" ~ measure.expr ~ ") is not null then 1 else 0 end") -}}
    {%- endif -%}
    {{- exceptions.raise_compiler_error(measure.name ~ ": only sums and counts can be credited") -}}
{% endmacro %}
