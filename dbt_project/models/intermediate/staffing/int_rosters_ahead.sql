{#- Grain: team, local day and half hour. The roster as far as it is written; from then on to the
    end of the forecast, the mean of its last weeks at the same weekday and half hour
    (`is_planned` is false). -#}
with

planned as (

    select *
    from {{ ref('int_rostered_half_hours') }}

),

parameters as (

    select cast({{ limit_of('coverage_gap', '*', 'usual_weeks') }} as integer) as usual_weeks
    from {{ ref('kpi_parameters') }}

),

written as (

    select skill, min(account_id) as account_id, max(local_date) as last_date
    from planned
    group by skill

),

days as (

    select distinct local_date
    from {{ ref('int_demand_days') }}

),

usual as (

    select
        planned.skill,
        cast(isodow(planned.local_date) as integer) as weekday_no,
        planned.half_hour,
        {{ exact_sum('planned.rostered_agents') }}
        / any_value(parameters.usual_weeks) as rostered_agents
    from planned
    cross join parameters
    inner join written on written.skill = planned.skill
    where planned.local_date > written.last_date - 7 * parameters.usual_weeks
    group by planned.skill, weekday_no, planned.half_hour

)

select
    skill,
    account_id,
    half_hour,
    rostered_agents,
    true as is_planned,
    local_date
from planned

union all

select
    usual.skill,
    written.account_id,
    usual.half_hour,
    usual.rostered_agents,
    false as is_planned,
    days.local_date
from usual
inner join written on written.skill = usual.skill
inner join days
    on
        days.local_date > written.last_date
        and isodow(days.local_date) = usual.weekday_no
