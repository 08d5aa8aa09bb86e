{#- Grain: ticket and stay with a team; stays without a team are left out. -#}
with

intervals as (

    select ticket_key, interval_no, value as team_id, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'team' and value is not null

),

tickets as (

    select ticket_key, source_system, account_id, as_of_at
    from {{ ref('int_tickets__effective') }}

),

teams as (

    select source_system, account_id, team_id, team_name
    from {{ ref('int_teams__unioned') }}

),

tiers as (

    select team_name, tier, department
    from {{ ref('team_tiers') }}

),

-- Chat systems name a team by its name alone, so an unlisted id is looked up as a name.
named as (

    select
        intervals.ticket_key,
        intervals.interval_no,
        intervals.team_id,
        coalesce(teams.team_name, intervals.team_id) as team_name,
        intervals.started_at,
        coalesce(intervals.ended_at, tickets.as_of_at) as ended_at
    from intervals
    inner join tickets on tickets.ticket_key = intervals.ticket_key
    left join teams
        on
            teams.source_system = tickets.source_system
            and teams.account_id = tickets.account_id
            and teams.team_id = intervals.team_id

),

-- One row a team, and one for all others.
tiered as (

    select
        named.*,
        coalesce(own.tier, others.tier) as tier,
        coalesce(own.department, others.department) as department
    from named
    left join tiers as own on own.team_name = named.team_name
    left join tiers as others on others.team_name = '*'

),

unsolved as (

    select ticket_key, started_at, coalesce(ended_at, as_of_at) as ended_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_unsolved

),

-- States don't overlap: a stay meets each second of unsolved time once.
open_times as (

    select
        tiered.ticket_key,
        tiered.interval_no,
        sum({{ seconds_between(
            'greatest(tiered.started_at, unsolved.started_at)',
            'least(tiered.ended_at, unsolved.ended_at)',
        ) }}) as unsolved_seconds
    from tiered
    inner join unsolved
        on
            unsolved.ticket_key = tiered.ticket_key
            and unsolved.started_at < tiered.ended_at
            and unsolved.ended_at > tiered.started_at
    group by tiered.ticket_key, tiered.interval_no

)

select
    tiered.ticket_key,
    row_number() over (partition by tiered.ticket_key order by tiered.interval_no) as stay_no,
    tiered.team_id,
    tiered.team_name,
    tiered.tier,
    tiered.department,
    coalesce(
        tiered.tier > lag(tiered.tier) over (
            partition by tiered.ticket_key order by tiered.interval_no
        ),
        false
    ) as is_escalation,
    cast(coalesce(open_times.unsolved_seconds, 0) as bigint) as unsolved_seconds,
    tiered.started_at,
    tiered.ended_at
from tiered
left join open_times
    on
        open_times.ticket_key = tiered.ticket_key
        and open_times.interval_no = tiered.interval_no
