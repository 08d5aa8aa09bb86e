with

people as (

    select person_key, person_name, team_name
    from {{ ref('dim_people') }}
    where not is_bot and person_name != 'unknown'

),

cells as (

    select
        unit_value as person_key,
        period_type,
        period_start,
        is_latest,
        kpi_id,
        value,
        n
    from {{ ref('kpi_values') }}
    where
        kpi_id in ('solves_per_hour', 'csat_score')
        and grain = 'agent'
        and period_type in ('month', 'quarter')
        and not is_partial
        and value is not null

)

-- A person has one value of a KPI and period.
select
    people.person_key,
    people.person_name,
    people.team_name,
    speed.period_type,
    speed.period_start,
    speed.is_latest and satisfaction.is_latest as is_latest,
    speed.value as solves_per_hour,
    satisfaction.value as csat_score,
    satisfaction.n as ratings,
    {{ build_id() }} as build_id
from cells as speed
inner join cells as satisfaction
    on
        satisfaction.person_key = speed.person_key
        and satisfaction.period_type = speed.period_type
        and satisfaction.period_start = speed.period_start
        and satisfaction.kpi_id = 'csat_score'
inner join people on people.person_key = speed.person_key
where speed.kpi_id = 'solves_per_hour'
order by speed.period_start, people.person_key
