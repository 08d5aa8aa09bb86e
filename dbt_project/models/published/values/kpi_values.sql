-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_tickets') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_sla_targets') }}
-- depends_on: {{ ref('fct_surveys') }}
-- depends_on: {{ ref('fct_backlog_snapshots') }}
-- depends_on: {{ ref('fct_backlog_ticket_days') }}
{%- set grains = {
    'channel': 'channel', 'team': 'team_name', 'priority': 'priority', 'shop': 'shop',
} %}
{%- set measures = kpi_measures() %}

with

accounts as (

    select account_key, source_system, account_id, first_date, as_of_date
    from {{ ref('dim_accounts') }}

),

days as (

    select date_day, week_start, month_start
    from {{ ref('dim_dates') }}

),

-- Each day of an account with the periods that it is part of. Deadlines may lie ahead of the as-of.
period_days as (

    select account_key, 'day' as period_type, date_day as period_start, date_day as local_date
    from accounts
    cross join days

    union all

    select account_key, 'week' as period_type, week_start as period_start, date_day as local_date
    from accounts
    cross join days

    union all

    select account_key, 'month' as period_type, month_start as period_start, date_day as local_date
    from accounts
    cross join days

),

-- The last snapshot of a period stands for it.
last_days as (

    select
        period_days.account_key,
        period_days.period_type,
        period_days.period_start,
        max(period_days.local_date) as local_date
    from period_days
    inner join accounts on accounts.account_key = period_days.account_key
    where period_days.local_date <= accounts.as_of_date
    group by period_days.account_key, period_days.period_type, period_days.period_start

),

targets as (

    select kpi_id, grain, unit_value, target_value, valid_from, valid_to
    from {{ ref('kpi_targets') }}

),

measured as (
    {{ kpi_cells(grains) }}

),

-- Each measure has a value in one branch only, so max merely picks it. Sorted here, where a row
-- is a cell with all its KPIs: sorting the values took as long as all the rest.
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
    order by period_type, grain, unit_value, period_start

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
                'n': cast({{ kpi.n }} as bigint),
                'maturity': cast({{ kpi.maturity }} as double)
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
        kpi.maturity,
        as_of_date
    from valued
    -- No record of the kind fell into the cell: there is nothing to say about it.
    where kpi.n is not null

)

-- Targets of a KPI, grain and member follow each other (tested), so at most one holds on the first
-- day of the period.
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
    dated.maturity,
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
        and targets.valid_from <= dated.period_start
        and dated.period_start < targets.valid_to
