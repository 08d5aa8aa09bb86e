with

open_tickets as (

    select *
    from {{ ref('kpi_open_tickets') }}

),

assignees as (

    select ticket_key, assignee_id
    from {{ ref('fct_tickets') }}

),

agents as (

    select source_system, account_id, agent_id, person_key, person_name
    from {{ ref('dim_agents') }}

),

-- What falls due first; a deadline that has passed stays until it is met.
deadlines as (

    select ticket_key, min(deadline_at) as deadline_at
    from {{ ref('fct_sla_targets') }}
    where not is_completed and deadline_at is not null
    group by ticket_key

)

-- One row a ticket in each, and one an agent of an account.
select
    open_tickets.ticket_key,
    open_tickets.source_system,
    open_tickets.account_id,
    open_tickets.ticket_id,
    open_tickets.ticket_url,
    open_tickets.shop,
    open_tickets.channel,
    open_tickets.team_name,
    open_tickets.priority,
    open_tickets.status,
    agents.person_key,
    agents.person_name,
    open_tickets.age_seconds,
    {{ seconds_between('open_tickets.as_of_at', 'deadlines.deadline_at') }} as sla_left_seconds,
    deadlines.deadline_at,
    open_tickets.created_at,
    {{ build_id() }} as build_id
from open_tickets
inner join assignees on assignees.ticket_key = open_tickets.ticket_key
left join agents
    on
        agents.source_system = open_tickets.source_system
        and agents.account_id = open_tickets.account_id
        and agents.agent_id = assignees.assignee_id
left join deadlines on deadlines.ticket_key = open_tickets.ticket_key
order by open_tickets.created_at, open_tickets.ticket_key
