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

)

select
    local_date,
    cast(hour as integer) as hour,
    cast(weekday as integer) as weekday,
    case weekday
        when 1 then 'Monday'
        when 2 then 'Tuesday'
        when 3 then 'Wednesday'
        when 4 then 'Thursday'
        when 5 then 'Friday'
        when 6 then 'Saturday'
        when 7 then 'Sunday'
    end as weekday_name,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    {%- for measure in kpi_additive(kpi_measures(semantic_models)) %}
    {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from hourly
order by local_date, hour
