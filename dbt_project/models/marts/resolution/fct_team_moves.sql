with

stays as (

    select
        ticket_key,
        stay_no,
        team_name,
        is_escalation,
        started_at,
        lag(team_name) over (partition by ticket_key order by stay_no) as from_team_name
    from {{ ref('int_ticket_team_stays') }}

),

tickets as (

    select ticket_key, source_system, account_id, shop, channel, team_name, priority, topic
    from {{ ref('fct_tickets') }}
    where in_p2

)

-- One ticket a stay. A team that takes a ticket from itself does not move it.
select
    stays.ticket_key,
    stays.stay_no,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    stays.from_team_name,
    stays.team_name as to_team_name,
    stays.is_escalation,
    {{ local_date('stays.started_at') }} as moved_date,
    stays.started_at as moved_at
from stays
inner join tickets on tickets.ticket_key = stays.ticket_key
where stays.from_team_name is not null and stays.from_team_name != stays.team_name
order by stays.started_at, stays.ticket_key
