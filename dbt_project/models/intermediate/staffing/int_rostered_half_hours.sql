{#- Grain: team, local day and half hour with anybody on shift. `rostered_agents` are heads less the
    share of a shift that is not paid, since no sheet tells when the break is. -#}
with

shifts as (

    select
        shifts.account_id,
        roster.team_name as skill,
        shifts.paid_seconds / cast(shifts.planned_seconds as double) as paid_share,
        {{ local_timestamp('shifts.planned_start_at') }} as started_at,
        {{ local_timestamp('shifts.planned_end_at') }} as ended_at
    from {{ ref('int_shifts__unioned') }} as shifts
    -- An employee has one row of the roster on a day.
    inner join {{ ref('int_roster__versioned') }} as roster
        on
            roster.employee_key = shifts.employee_key
            and roster.valid_from <= shifts.local_date
            and roster.valid_to > shifts.local_date
    where
        not shifts.is_rest
        and shifts.planned_seconds > 0
        and shifts.paid_seconds is not null
        and roster.team_name is not null

),

slots as (

    select
        *,
        unnest(
            range(
                time_bucket(interval 30 minute, started_at), ended_at, interval 30 minute
            )
        ) as slot_at
    from shifts

)

select
    skill,
    min(account_id) as account_id,
    cast(slot_at as date) as local_date,
    cast(floor({{ second_of_day('slot_at') }} / 1800) as integer) as half_hour,
    {{ exact_sum(
        'paid_share * ' ~ seconds_between(
            'greatest(started_at, slot_at)', 'least(ended_at, slot_at + interval 30 minute)'
        ) ~ ' / 1800.0'
    ) }} as rostered_agents
from slots
group by skill, slot_at
