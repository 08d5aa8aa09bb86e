with

sessions as (

    select *
    from {{ ref('fct_bot_sessions') }}
    where in_p2

),

tickets as (

    select ticket_key, topic
    from {{ ref('fct_tickets') }}

)

-- One ticket a session.
select
    sessions.started_date as local_date,
    sessions.source_system,
    sessions.account_id,
    sessions.shop,
    sessions.channel,
    sessions.team_name,
    sessions.bot_name,
    tickets.topic,
    sessions.outcome,
    count(*) as conversations,
    {{ build_id() }} as build_id
from sessions
inner join tickets on tickets.ticket_key = sessions.ticket_key
group by
    sessions.started_date,
    sessions.source_system,
    sessions.account_id,
    sessions.shop,
    sessions.channel,
    sessions.team_name,
    sessions.bot_name,
    tickets.topic,
    sessions.outcome
order by local_date, sessions.source_system, sessions.account_id, sessions.outcome
