{#- KPIs whose daily tables tell shop and channel together: numerator and denominator. -#}
{%- set counted = {
    'kpi_overview_daily': {
        'csat_score': ('ratings_satisfied', 'ratings'),
        'resolution_rate': ('tickets_resolved_in_window', 'tickets_resolution_matured'),
        'sla_attainment_rate': ('sla_targets_achieved', 'sla_targets_decided'),
        'first_response_time': ('first_response_seconds', 'first_response_values'),
    },
    'kpi_resolution_daily': {
        'fcr_rate': ('episodes_first_contact_7d', 'episodes_matured_7d'),
    },
} %}
with

{% for table, kpis in counted.items() -%}
months_of_{{ table }} as (

    select
        {%- for pair in kpis.values() %}
        sum({{ pair[0] }}) as {{ pair[0] }},
        sum({{ pair[1] }}) as {{ pair[1] }},
        {%- endfor %}
        cast(date_trunc('month', local_date) as date) as period_start,
        shop,
        channel
    from {{ ref(table) }}
    group by period_start, shop, channel

),

{% endfor -%}
quotients as (
    {% for table, kpis in counted.items() %}
    {%- set is_last_table = loop.last %}
    {%- for kpi, pair in kpis.items() %}
    select
        '{{ kpi }}' as kpi_id,
        period_start,
        shop,
        channel,
        coalesce({{ pair[0] }}, 0) as numerator,
        {{ pair[1] }} as denominator
    from months_of_{{ table }}
    where {{ pair[1] }} > 0
    {{- "\n\n    union all\n" if not (is_last_table and loop.last) }}
    {%- endfor %}
    {%- endfor %}

),

medians as (

    select
        cast(date_trunc('month', created_date) as date) as period_start,
        shop,
        channel,
        quantile_cont(first_response_calendar_seconds, 0.5) as value,
        count(first_response_calendar_seconds) as n
    from {{ ref('kpi_ticket_durations') }}
    where first_response_calendar_seconds is not null
    group by period_start, shop, channel

),

-- What is open when the month is over.
open_tickets as (

    select
        cast(date_trunc('month', local_date) as date) as period_start,
        shop,
        channel,
        sum(open_tickets) as value
    from {{ ref('kpi_backlog_daily') }}
    where local_date = last_day(local_date)
    group by period_start, shop, channel
    having sum(open_tickets) > 0

),

cells as (

    select
        kpi_id,
        period_start,
        shop,
        channel,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        numerator / cast(denominator as double) as value,
        denominator as n
    from quotients

    union all

    select
        'first_response_time_p50' as kpi_id,
        period_start,
        shop,
        channel,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value,
        n
    from medians

    union all

    select
        'backlog_open' as kpi_id,
        period_start,
        shop,
        channel,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        value,
        value as n
    from open_tickets

)

select
    kpi_id,
    period_start,
    shop,
    channel,
    numerator,
    denominator,
    cast(value as double) as value,
    cast(n as bigint) as n,
    {{ build_id() }} as build_id
from cells
order by kpi_id, period_start, shop, channel
