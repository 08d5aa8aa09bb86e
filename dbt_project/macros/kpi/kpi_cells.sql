{#- KPI values by period, grain and member: what `kpi_values` and the scorecards are made of.

    A branch is a fact with one anchor, and one agent role or none. Each is aggregated from its single
    rows, since percentiles and snapshots do not add up. A KPI whose measures share a branch is
    computed there; one that spans several is computed where the cells of its branches meet.
    The parts can be run one after another (`table_in_parts`): all at once, the branches would hold
    the values of every percentile in memory together, which two million tickets do not leave room for.
    `subjects` restricts the measures to semantic models of some subjects, or excludes them. -#}
{% macro kpi_cells(only=none, without=()) %}
    {#- dbt parses a model before the measures are known: until then there is no part that names them. -#}
    {%- do [ref('dim_accounts'), ref('dim_agents')] -%}
    {%- set measures = kpi_measures_of_subjects(only, without) -%}
    {%- set branches = kpi_cell_branches(measures) -%}
    {%- set plans = kpi_cell_plans(kpi_metrics_of(measures), measures, branches) -%}
    {%- set parts = [] -%}
    {%- for branch in branches.values() if plans.within[branch.key] -%}
        {%- do parts.append(kpi_cells_within(branch, plans.within[branch.key], measures)) -%}
    {%- endfor -%}
    {%- if plans.across -%}
        {%- do parts.append(kpi_cells_across(branches, plans.across, measures)) -%}
    {%- endif -%}
    {{ parts | join(between_parts()) }}
{% endmacro %}

{#- Cells of the KPIs that one branch can compute alone. -#}
{% macro kpi_cells_within(branch, metrics, measures) %}
(
    with

    {{ kpi_cell_sides() }},

    {{ branch.alias }} as (
        {{ kpi_branch_cells(branch, metrics) }}
    ),

    valued as (
        {{ kpi_unnested(branch.alias, metrics, measures) }}
    )

    {{ kpi_cells_said() }}
)
{%- endmacro %}

{#- Cells of the KPIs that need several branches. -#}
{% macro kpi_cells_across(branches, metrics, measures) %}
{%- set wanted = kpi_measures_of_metrics(metrics, measures) %}
(
    with

    {{ kpi_cell_sides() }}
    {%- for branch in branches.values() if kpi_has_any(branch, wanted) %},

    {{ branch.alias }} as (
        {%- set needed = wanted | select('in', branch.measures) | list %}
        {{ kpi_branch_cells(dict(branch, measures=needed), []) }}
    )
    {%- endfor %},

    met as (

        select
            period_type,
            period_start,
            grain,
            unit_value,
            min(as_of_date) as as_of_date
            {%- for measure in wanted %},
            max({{ measure.name }}) as {{ measure.name }}
            {%- if measure.counted_apart %},
            max({{ measure.name }}_n) as {{ measure.name }}_n
            {%- endif %}
            {%- endfor %}
        from (
            {%- for branch in branches.values() if kpi_has_any(branch, wanted) %}
            select *
            from {{ branch.alias }}
            {{ "union all by name" if not loop.last }}
            {%- endfor %}
        ) as parts
        group by period_type, period_start, grain, unit_value

    ),

    valued as (
        {{ kpi_unnested('met', metrics, measures, only_shared=true) }}
    )

    {{ kpi_cells_said() }}
)
{%- endmacro %}

{#- What each part of the cells joins to its facts. -#}
{% macro kpi_cell_sides() %}
    accounts as (

        -- Expressions of measures name a fact's columns alone: nothing joined may be called the same.
        select
            source_system as account_source,
            account_id as account_account,
            as_of_date as account_as_of_date
        from {{ ref('dim_accounts') }}

    ),

    newest as (

        select max(account_as_of_date) as newest_as_of_date
        from accounts

    ),

    people as (

        select
            source_system as person_source,
            account_id as person_account,
            agent_id as person_agent,
            person_key as agent_person_key
        from {{ ref('dim_agents') }}

    )
{%- endmacro %}

{% macro kpi_cells_said() %}
    select
        kpi.kpi_id,
        period_type,
        period_start,
        {{ kpi_next_period('period_type', 'period_start') }} as next_period_start,
        grain,
        unit_value,
        kpi.value,
        kpi.numerator,
        kpi.denominator,
        kpi.n,
        kpi.standard_error,
        kpi.maturity,
        as_of_date
    from valued
    -- No record of the kind fell into the cell: there is nothing to say about it.
    where kpi.n is not null
{%- endmacro %}

{#- One branch: its measures for each period, grain and member. -#}
{% macro kpi_branch_cells(branch, metrics) %}
    {%- set measures = branch.measures -%}
    {%- set values = measures | map(attribute='expr') | unique | list %}
        select
            period_type,
            period_start,
            {%- if branch.role %}
            'agent' as grain,
            person_key as unit_value,
            {%- else %}
            {{ kpi_grain_of(branch.grains) }} as grain,
            {{ kpi_member_of(branch.grains) }} as unit_value,
            {%- endif %}
            min(as_of_date) as as_of_date
            {%- for measure in measures %},
            {%- set value = "v" ~ values.index(measure.expr) %}
            {{ kpi_aggregate(measure, value, measures) }} as {{ measure.name }}
            {%- if measure.counted_apart %},
            count({{ value }}) as {{ measure.name }}_n
            {%- endif %}
            {%- endfor %}
            {%- for metric in metrics %}
            {{- kpi_spread_sums(metric, measures, values) }}
            {%- endfor %}
        from (
            select
                periods.period_type,
                {{ kpi_period_start('periods.period_type', 'facts.' ~ branch.time) }} as period_start,
                coalesce(accounts.account_as_of_date, newest.newest_as_of_date) as as_of_date,
                {%- if branch.is_snapshot %}
                facts.{{ branch.time }} as local_date,
                {%- endif %}
                {%- if branch.role %}
                coalesce(people.agent_person_key, 'unknown') as person_key,
                {%- endif %}
                {%- for expression in branch.grains.values() %}
                {{ expression }} as g{{ loop.index0 }},
                {%- endfor %}
                {%- for value in values %}
                {{ value }} as v{{ loop.index0 }}{{ "," if not loop.last }}
                {%- endfor %}
            from {{ ref(branch.fact) }} as facts
            -- An account is one row, an agent of an account too, so no join multiplies facts.
            left join accounts
                on
                    accounts.account_source = facts.source_system
                    and accounts.account_account = facts.account_id
            cross join newest
            {%- if branch.role %}
            left join people
                on
                    people.person_source = facts.source_system
                    and people.person_account = facts.account_id
                    and people.person_agent = facts.{{ branch.role }}
            {%- endif %}
            inner join (
                values
                {%- for period in branch.periods %}
                ('{{ period }}'){{ "," if not loop.last }}
                {%- endfor %}
            ) as periods (period_type) on true
            where facts.{{ branch.time }} is not null
        ) as facts
        {%- if branch.is_snapshot %}
        -- The last snapshot of a period stands for it.
        where local_date = least(
            {{ kpi_next_period('period_type', 'period_start') }} - 1, as_of_date
        )
        {%- endif %}
        {%- if branch.may_lie_ahead %}
        -- A deadline may lie ahead, but there is nothing to say yet about the period it lies in.
        where period_start <= as_of_date
        {%- endif %}
        {%- if branch.role %}
        group by period_type, period_start, person_key
        {%- else %}
        group by grouping sets (
            (period_type, period_start)
            {%- for _ in branch.grains %},
            (period_type, period_start, g{{ loop.index0 }})
            {%- endfor %}
        )
        {%- endif %}
{% endmacro %}

{#- `only_shared`: a KPI of several facts has cells of those grains alone that all of them offer. -#}
{% macro kpi_unnested(relation, metrics, measures, only_shared=false) %}
        select
            period_type,
            period_start,
            grain,
            unit_value,
            as_of_date,
            unnest([
                {%- for metric in metrics %}
                {%- set kpi = kpi_value(metric, measures) %}
                {
                    'kpi_id': '{{ metric.name }}',
                    'value': cast({{ kpi.value }} as double),
                    'numerator': cast({{ kpi.numerator }} as double),
                    'denominator': cast({{ kpi.denominator }} as double),
                    'n': cast(
                        {%- if only_shared %}
                        case
                            when grain in ('{{ kpi_shared_grains(metric, measures) | join("', '") }}')
                                then {{ kpi.n }}
                        end
                        {%- else %} {{ kpi.n }} {%- endif %} as bigint
                    ),
                    'standard_error': cast(
                        {{ kpi_standard_error(metric, measures, kpi, relation) }} as double
                    ),
                    'maturity': cast({{ kpi.maturity }} as double)
                }{{ "," if not loop.last }}
                {%- endfor %}
            ]) as kpi
        from {{ relation }}
{% endmacro %}

{% macro kpi_shared_grains(metric, measures) %}
    {%- set shared = namespace(grains=none) -%}
    {%- for measure in kpi_measures_of_metrics([metric], measures) -%}
        {%- set own = (measure.grains | list) + (['agent'] if measure.agent else []) -%}
        {%- if shared.grains is none -%}
            {%- set shared.grains = own -%}
        {%- else -%}
            {%- set shared.grains = shared.grains | select('in', own) | list -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(['total'] + shared.grains) -}}
{% endmacro %}

{% macro kpi_grain_of(grains) %}
    {%- if not grains -%} 'total' {%- else %}
            case
                {%- for grain in grains %}
                when grouping(g{{ loop.index0 }}) = 0 then '{{ grain }}'
                {%- endfor %}
                else 'total'
            end
    {%- endif -%}
{%- endmacro %}

{% macro kpi_member_of(grains) %}
    {%- if not grains -%} 'total' {%- else %}
            case
                {%- for grain in grains %}
                when grouping(g{{ loop.index0 }}) = 0 then g{{ loop.index0 }}
                {%- endfor %}
                else 'total'
            end
    {%- endif -%}
{%- endmacro %}

{% macro kpi_period_start(period_type, day) %}
                case {{ period_type }}
                    when 'day' then {{ day }}
                    when 'week' then cast(date_trunc('week', {{ day }}) as date)
                    when 'month' then cast(date_trunc('month', {{ day }}) as date)
                    else cast(date_trunc('quarter', {{ day }}) as date)
                end
{%- endmacro %}

{% macro kpi_next_period(period_type, period_start) %}
            case {{ period_type }}
                when 'day' then {{ period_start }} + 1
                when 'week' then {{ period_start }} + 7
                when 'month' then cast({{ period_start }} + interval 1 month as date)
                else cast({{ period_start }} + interval 3 month as date)
            end
{%- endmacro %}
