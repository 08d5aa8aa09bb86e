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

),

-- A person has one value of a KPI and period.
dots as (

    select
        people.person_key,
        people.person_name,
        people.team_name,
        speed.period_type,
        speed.period_start,
        speed.is_latest and satisfaction.is_latest as is_latest,
        speed.value as solves_per_hour,
        satisfaction.value as csat_score,
        satisfaction.n as ratings
    from cells as speed
    inner join cells as satisfaction
        on
            satisfaction.person_key = speed.person_key
            and satisfaction.period_type = speed.period_type
            and satisfaction.period_start = speed.period_start
            and satisfaction.kpi_id = 'csat_score'
    inner join people on people.person_key = speed.person_key
    where speed.kpi_id = 'solves_per_hour'

),

-- The middle of all persons, whom of two each would know.
middles as (

    select
        period_type,
        period_start,
        median(solves_per_hour) as solves_per_hour,
        median(csat_score) as csat_score,
        max(solves_per_hour) as most_solves_per_hour
    from dots
    group by period_type, period_start
    having count(*) >= 3

),

quarters as (

    select
        dots.*,
        case
            when middles.csat_score is null then 'unknown'
            when
                dots.solves_per_hour >= middles.solves_per_hour
                and dots.csat_score >= middles.csat_score
                then 'both'
            when dots.solves_per_hour >= middles.solves_per_hour then 'solves_more'
            when dots.csat_score >= middles.csat_score then 'pleases_more'
            else 'neither'
        end as quadrant
    from dots
    left join middles
        on
            middles.period_type = dots.period_type
            and middles.period_start = dots.period_start

),

teams as (

    select distinct team_name, period_type, period_start
    from dots
    where is_latest

),

numbers as (

    select unnest(range(41)) as no

),

directions as (

    select unnest([true, false]) as is_upright

),

-- Two lines as points, for each team, so that whoever sees a team's rows sees them.
line_points as (

    select
        cast(null as varchar) as person_key,
        'P50 ' || if(lines.is_upright, '|', '-') || ' ' || lpad(cast(numbers.no as varchar), 2, '0')
            as person_name,
        teams.team_name,
        middles.period_type,
        middles.period_start,
        true as is_latest,
        case
            when lines.is_upright then middles.solves_per_hour
            else middles.most_solves_per_hour * numbers.no / 40
        end as solves_per_hour,
        case when lines.is_upright then numbers.no / 40.0 else middles.csat_score end as csat_score,
        cast(0 as bigint) as ratings,
        'median' as quadrant
    from middles
    inner join teams
        on
            teams.period_type = middles.period_type
            and teams.period_start = middles.period_start
    cross join numbers
    cross join directions as lines

),

points as (

    select *
    from quarters

    union all

    select *
    from line_points

)

select
    person_key,
    person_name,
    team_name,
    period_type,
    period_start,
    is_latest,
    solves_per_hour,
    csat_score,
    ratings,
    quadrant,
    {{ build_id() }} as build_id
from points
order by period_start, person_key nulls last, team_name, person_name
