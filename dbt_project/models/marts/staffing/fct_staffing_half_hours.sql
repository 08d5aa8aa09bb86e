with

rostered as (

    select *
    from {{ ref('int_rosters_ahead') }}

),

-- What is left of an agent by rounding errors is no agent.
required as (

    select
        skill,
        local_date,
        half_hour,
        cast(
            ceil(
                {{ exact_sum('agents') }}
                / (1 - {{ kpi_parameter('coverage_gap', 'shrinkage') }})
                - 1e-9
            )
            as bigint
        ) as required_agents
    from {{ ref('int_agents_required') }}
    group by skill, local_date, half_hour

),

contacts as (

    select
        skill,
        local_date,
        half_hour,
        {{ exact_sum('forecast_count') }} as forecast_count,
        sum(actual_count) as actual_count
    from {{ ref('fct_contact_forecasts') }}
    group by skill, local_date, half_hour

),

expected as (

    select *
    from {{ ref('int_staffing_cases') }}
    where agents_added = 0

),

-- Only skills that any roster knows: of the others nobody can say whether somebody was missing.
teams as (

    select
        skill,
        min(account_id) as account_id,
        max(local_date) filter (where is_planned) as last_planned_date
    from rostered
    group by skill

),

-- Days with a forecast.
spans as (

    select skill, min(local_date) as first_date, max(local_date) as last_date
    from contacts
    group by skill

),

newest as (

    select max(as_of_date) as as_of_date
    from {{ ref('int_demand_days') }}

),

slots as (

    select skill, local_date, half_hour
    from required

    union

    select rostered.skill, rostered.local_date, rostered.half_hour
    from rostered
    inner join spans
        on
            spans.skill = rostered.skill
            and rostered.local_date between spans.first_date and spans.last_date

)

-- A slot has one row on every side.
select
    {{ hash_key([
        'slots.skill',
        'cast(slots.local_date as text)',
        'cast(slots.half_hour as text)',
    ]) }} as staffing_half_hour_key,
    'workforce' as source_system,
    teams.account_id,
    slots.skill,
    slots.half_hour,
    case when slots.local_date <= teams.last_planned_date then 'planned' else 'usual' end
        as roster_basis,
    cast(coalesce(contacts.forecast_count, 0) as double) as forecast_count,
    cast(coalesce(contacts.actual_count, 0) as bigint) as actual_count,
    coalesce(required.required_agents, 0) as required_agents,
    cast(coalesce(rostered.rostered_agents, 0) as double) as rostered_agents,
    cast(
        coalesce(required.required_agents, 0) - coalesce(rostered.rostered_agents, 0) as double
    ) as gap_agents,
    cast(expected.target_service_level as double) as target_service_level,
    cast(expected.predicted_service_level as double) as predicted_service_level,
    cast(expected.predicted_abandoned_share as double) as predicted_abandoned_share,
    cast(expected.predicted_occupancy as double) as predicted_occupancy,
    cast(expected.mail_covered_share as double) as mail_covered_share,
    slots.local_date >= newest.as_of_date as is_ahead,
    slots.local_date
from slots
cross join newest
inner join teams on teams.skill = slots.skill
left join required
    on
        required.skill = slots.skill
        and required.local_date = slots.local_date
        and required.half_hour = slots.half_hour
left join rostered
    on
        rostered.skill = slots.skill
        and rostered.local_date = slots.local_date
        and rostered.half_hour = slots.half_hour
left join contacts
    on
        contacts.skill = slots.skill
        and contacts.local_date = slots.local_date
        and contacts.half_hour = slots.half_hour
left join expected
    on
        expected.skill = slots.skill
        and expected.local_date = slots.local_date
        and expected.half_hour = slots.half_hour
order by slots.local_date, slots.half_hour, slots.skill
