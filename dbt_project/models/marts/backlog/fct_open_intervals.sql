with

intervals as (

    select *
    from {{ ref('int_ticket_open__intervals') }}
    where from_date < to_date

),

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        shop,
        channel
    from {{ ref('int_tickets__classified') }}

),

teams as (

    select source_system, account_id, team_id, team_name
    from {{ ref('int_teams__unioned') }}

)

-- One ticket and at most one team an interval.
select
    intervals.ticket_key,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    intervals.team_id,
    coalesce(teams.team_name, 'unknown') as team_name,
    intervals.priority,
    intervals.status,
    intervals.from_date,
    intervals.to_date,
    intervals.created_at,
    intervals.as_of_at
from intervals
inner join tickets on tickets.ticket_key = intervals.ticket_key
left join teams
    on
        teams.source_system = tickets.source_system
        and teams.account_id = tickets.account_id
        and teams.team_id = intervals.team_id
order by intervals.from_date, intervals.ticket_key
