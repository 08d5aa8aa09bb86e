{#- Grain: ticket and stretch of local days on whose ends it was open in one status, team and
    priority. From the first of these days up to, but without, to_date. -#}
with

tickets as (

    select ticket_key, created_at, as_of_at
    from {{ ref('int_tickets__classified') }}
    where in_p2

),

status_intervals as (

    select ticket_key, status, started_at, ended_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_unsolved

),

fields as (

    select ticket_key, field, value, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field in ('team', 'priority')

),

-- A day's snapshot is taken at its end. What begins on a day is in that day's snapshot, what ends
-- on a day is not; what has not ended is in the snapshot of the last day, taken at the as-of.
open_days as (

    select
        tickets.ticket_key,
        tickets.created_at,
        tickets.as_of_at,
        status_intervals.status,
        {{ local_date('status_intervals.started_at') }} as from_date,
        case
            when status_intervals.ended_at <= tickets.as_of_at
                then {{ local_date('status_intervals.ended_at') }}
            else {{ local_date('tickets.as_of_at') }} + 1
        end as to_date
    from tickets
    inner join status_intervals on status_intervals.ticket_key = tickets.ticket_key
    where status_intervals.started_at <= tickets.as_of_at

),

field_days as (

    select
        ticket_key,
        field,
        value,
        {{ local_date('started_at') }} as from_date,
        coalesce({{ local_date('ended_at') }}, date '9999-12-31') as to_date
    from fields

),

-- The first value of a field holds from the beginning, whatever the stamps say.
field_periods as (

    select
        ticket_key,
        field,
        value,
        case
            when row_number() over by_field = 1 then date '0001-01-01' else from_date
        end as from_date,
        to_date
    from field_days
    where from_date < to_date
    window by_field as (partition by ticket_key, field order by from_date, to_date)

),

-- The values of one field don't overlap in days: a day of a stretch meets one team, one priority.
by_team as (

    select
        open_days.ticket_key,
        open_days.created_at,
        open_days.as_of_at,
        open_days.status,
        coalesce(teams.value, 'unknown') as team_id,
        greatest(open_days.from_date, teams.from_date) as from_date,
        least(open_days.to_date, teams.to_date) as to_date
    from open_days
    inner join field_periods as teams
        on
            teams.ticket_key = open_days.ticket_key
            and teams.field = 'team'
            and teams.from_date < open_days.to_date
            and teams.to_date > open_days.from_date
    where open_days.from_date < open_days.to_date

)

select
    by_team.ticket_key,
    by_team.status,
    by_team.team_id,
    coalesce(priorities.value, 'none') as priority,
    by_team.created_at,
    by_team.as_of_at,
    greatest(by_team.from_date, priorities.from_date) as from_date,
    least(by_team.to_date, priorities.to_date) as to_date
from by_team
inner join field_periods as priorities
    on
        priorities.ticket_key = by_team.ticket_key
        and priorities.field = 'priority'
        and priorities.from_date < by_team.to_date
        and priorities.to_date > by_team.from_date
