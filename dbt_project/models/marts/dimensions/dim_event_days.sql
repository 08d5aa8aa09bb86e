with

dates as (

    select date_day
    from {{ ref('dim_dates') }}

),

-- Grain: day and event.
events as (

    select
        dates.date_day as local_date,
        campaigns.name_en,
        campaigns.name_zh,
        true as is_known
    from dates
    inner join {{ ref('campaign_days') }} as campaigns
        on strftime(dates.date_day, '%m-%d') between campaigns.first_day and campaigns.last_day

    union all

    select
        dates.date_day as local_date,
        known.name_en,
        known.name_zh,
        true as is_known
    from dates
    inner join {{ ref('known_events') }} as known
        on dates.date_day between known.first_date and known.last_date

    union all

    select
        local_date,
        name_en,
        name_zh,
        false as is_known
    from {{ ref('int_event_days__named') }}

)

select
    local_date,
    string_agg(distinct name_en, '; ' order by name_en) as name_en,
    string_agg(distinct name_zh, '；' order by name_zh) as name_zh,
    string_agg(distinct name_en, '; ' order by name_en) filter (where is_known) as known_name_en,
    string_agg(distinct name_zh, '；' order by name_zh) filter (where is_known) as known_name_zh
from events
group by local_date
order by local_date
