-- depends_on: {{ ref('fct_contacts') }}
{%- set semantic_models = ['contacts', 'contact_answers'] %}
{%- set dimensions = {
    'hour': 'started_hour',
    'weekday': 'started_weekday',
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
} %}

with

hourly as (
    {{ kpi_branches(dimensions, semantic_models) }}

),

-- One row an hour of the day, over all dates, channels and teams: a peak is the whole desk's.
hours as (

    select
        hour,
        sum(contacts_inbound) * 24 / cast(sum(sum(contacts_inbound)) over () as double)
        >= {{ kpi_parameter('peak_hour_index', 'peak_from') }} as is_peak
    from hourly
    group by hour

)

select
    hourly.local_date,
    cast(hourly.hour as integer) as hour,
    if(hours.is_peak, 'peak', 'other') as hour_kind,
    cast(hourly.weekday as integer) as weekday,
    case hourly.weekday
        when 1 then 'Monday'
        when 2 then 'Tuesday'
        when 3 then 'Wednesday'
        when 4 then 'Thursday'
        when 5 then 'Friday'
        when 6 then 'Saturday'
        when 7 then 'Sunday'
    end as weekday_name,
    hourly.source_system,
    hourly.account_id,
    hourly.shop,
    hourly.channel,
    hourly.team_name,
    hourly.priority,
    {%- for measure in kpi_additive(kpi_measures(semantic_models)) %}
    hourly.{{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from hourly
inner join hours on hours.hour = hourly.hour
order by hourly.local_date, hourly.hour
