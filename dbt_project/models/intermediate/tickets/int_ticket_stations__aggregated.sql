{{ config(materialized='view') }}

with

intervals as (

    select ticket_key, field, value
    from {{ ref('int_ticket_field_intervals') }}
    where value is not null and field in ('assignee', 'team')

),

tickets as (

    select ticket_key, source_system, account_id
    from {{ ref('int_tickets__effective') }}

),

agents as (

    select source_system, account_id, agent_id, is_bot
    from {{ ref('int_agents__unioned') }}

)

select
    intervals.ticket_key,
    count(*) filter (where intervals.field = 'team') as group_station_count,
    count(*) filter (where intervals.field = 'assignee') as assignee_station_count,
    count(distinct intervals.value) filter (
        where intervals.field = 'assignee' and not agents.is_bot
    ) as human_owner_count
from intervals
inner join tickets on tickets.ticket_key = intervals.ticket_key
left join agents
    on
        agents.source_system = tickets.source_system
        and agents.account_id = tickets.account_id
        and agents.agent_id = intervals.value
        and intervals.field = 'assignee'
group by intervals.ticket_key
