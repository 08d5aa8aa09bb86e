with

headlines as (

    select *
    from {{ ref('kpi_headlines') }}

),

months as (

    select
        kpi_id,
        grain,
        unit_value,
        period_start,
        value,
        value_low,
        value_high,
        n,
        target_value,
        false as is_partial
    from headlines

    union all

    select
        kpi_id,
        grain,
        unit_value,
        period_start,
        value,
        value_low,
        value_high,
        n,
        target_value,
        is_partial
    from {{ ref('kpi_values') }}
    where
        period_type = 'month'
        and grain in ('total', 'shop', 'channel')
        and is_partial

),

-- Grain: month. What each is remembered for, without days off of single helpdesks.
events as (

    select
        date_trunc('month', local_date) as month_start,
        string_agg(distinct known_name_en, '; ' order by known_name_en) as event_name_en,
        string_agg(distinct known_name_zh, '；' order by known_name_zh) as event_name_zh
    from {{ ref('dim_event_days') }}
    where known_name_en is not null
    group by month_start

)

-- A month that is looked at has a row for itself and one for each of the 12 before; the newest one
-- also for what is in progress.
select
    shown.kpi_id,
    shown.headline_no,
    shown.kpi_name_en,
    shown.kpi_name_zh,
    shown.period_start as shown_start,
    shown.period_name_en,
    shown.period_name_zh,
    shown.grain,
    shown.unit_value,
    shown.unit_name_en,
    shown.unit_name_zh,
    shown.shop_name_en,
    shown.shop_name_zh,
    shown.channel_name_en,
    shown.channel_name_zh,
    months.period_start,
    months.value,
    months.value_low,
    months.value_high,
    months.n,
    months.target_value,
    months.is_partial,
    events.event_name_en,
    events.event_name_zh,
    {{ build_id() }} as build_id
from headlines as shown
inner join months
    on
        months.kpi_id = shown.kpi_id
        and months.grain = shown.grain
        and months.unit_value = shown.unit_value
        and (months.period_start <= shown.period_start or (shown.is_latest and months.is_partial))
        and months.period_start >= shown.period_start - interval 12 month
left join events on events.month_start = months.period_start
order by shown.period_start, shown.headline_no, shown.unit_value, months.period_start
