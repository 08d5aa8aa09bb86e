-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_tickets') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_sla_targets') }}
-- depends_on: {{ ref('fct_surveys') }}
-- depends_on: {{ ref('fct_backlog_days') }}
-- depends_on: {{ ref('fct_backlog_ticket_days') }}
{%- set grains = {
    'channel': 'channel', 'team': 'team_name', 'priority': 'priority', 'shop': 'shop',
} %}
{%- set measures = kpi_measures() %}

with

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('dim_accounts') }}

),

periods as (

    select unnest(['day', 'week', 'month']) as period_type

),

targets as (

    select kpi_id, grain, unit_value, target_value
    from {{ ref('kpi_targets') }}

),

measured as (
    {{ kpi_cells(grains) }}

),

-- Each measure has a value in one branch only, so max merely picks it.
cells as (

    select
        period_type,
        period_start,
        grain,
        unit_value,
        min(as_of_date) as as_of_date,
        {%- for measure in measures %}
        max({{ measure.name }}) as {{ measure.name }}
        {%- if measure.agg == 'percentile' %},
        max({{ measure.name }}_n) as {{ measure.name }}_n
        {%- endif %}
        {{- "," if not loop.last }}
        {%- endfor %}
    from measured
    group by period_type, period_start, grain, unit_value

),

valued as (

    select
        period_type,
        period_start,
        grain,
        unit_value,
        as_of_date,
        unnest([
            {%- for metric in kpi_metrics() %}
            {%- set kpi = kpi_value(metric, measures) %}
            {
                'kpi_id': '{{ metric.name }}',
                'catalogue': '{{ metric.config.meta.catalogue }}',
                'unit': '{{ metric.config.meta.unit }}',
                'value': cast({{ kpi.value }} as double),
                'numerator': cast({{ kpi.numerator }} as bigint),
                'denominator': cast({{ kpi.denominator }} as bigint),
                'n': cast({{ kpi.n }} as bigint)
            }{{ "," if not loop.last }}
            {%- endfor %}
        ]) as kpi
    from cells

),

dated as (

    select
        kpi.kpi_id,
        kpi.catalogue,
        kpi.unit,
        period_type,
        period_start,
        case period_type
            when 'day' then period_start + 1
            when 'week' then period_start + 7
            else cast(period_start + interval 1 month as date)
        end as next_period_start,
        grain,
        unit_value,
        kpi.value,
        kpi.numerator,
        kpi.denominator,
        kpi.n,
        as_of_date
    from valued
    -- No record of the kind fell into the cell: there is nothing to say about it.
    where kpi.n is not null

)

-- Targets are unique by KPI, grain and member (tested), so the join keeps one row a value.
select
    dated.kpi_id,
    dated.catalogue,
    dated.period_type,
    dated.period_start,
    dated.grain,
    dated.unit_value,
    dated.value,
    dated.numerator,
    dated.denominator,
    dated.n,
    case when dated.unit = 'rate' then {{ wilson_bound('dated.numerator', 'dated.denominator', 'low') }} end
        as wilson_low,
    case when dated.unit = 'rate' then {{ wilson_bound('dated.numerator', 'dated.denominator', 'high') }} end
        as wilson_high,
    targets.target_value,
    dated.value is null as no_base,
    dated.next_period_start > dated.as_of_date as is_partial,
    {{ build_id() }} as build_id
from dated
left join targets
    on
        targets.kpi_id = dated.kpi_id
        and targets.grain = dated.grain
        and targets.unit_value = dated.unit_value
order by dated.kpi_id, dated.period_type, dated.grain, dated.unit_value, dated.period_start
