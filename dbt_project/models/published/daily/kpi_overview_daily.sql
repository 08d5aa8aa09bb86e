{%- set facts = ['tickets', 'turns', 'contacts', 'sla_targets', 'surveys'] %}
{%- set measures = kpi_additive(kpi_measures(facts)) | rejectattr('is_snapshot') | list %}

select
    anchor,
    daily.local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    {%- for measure in measures %}
    cast(sum({{ measure.name }}) as bigint) as {{ measure.name }},
    {%- endfor %}
    -- The height of a day that a chart shades; null on other days.
    cast(case when events.local_date is not null then 1 end as integer) as event_mark,
    events.name_en as event_name_en,
    events.name_zh as event_name_zh,
    build_id
from {{ ref('kpi_daily') }} as daily
-- A day of events is one row.
left join {{ ref('dim_event_days') }} as events on events.local_date = daily.local_date
group by
    anchor,
    daily.local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    events.local_date,
    events.name_en,
    events.name_zh,
    build_id
