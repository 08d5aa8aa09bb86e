with

breaches as (

    select *
    from {{ ref('fct_sla_targets') }}
    where in_p2 and is_breached

),

tickets as (

    select ticket_key, ticket_url, topic
    from {{ ref('fct_tickets') }}

),

-- States of a ticket do not overlap, so one holds when the target falls due.
states as (

    select breaches.sla_target_key, intervals.status
    from breaches
    inner join {{ ref('fct_status_intervals') }} as intervals
        on
            intervals.ticket_key = breaches.ticket_key
            and intervals.started_at <= breaches.breached_at
            and (intervals.ended_at is null or intervals.ended_at > breaches.breached_at)

),

moved as (

    select distinct breaches.sla_target_key
    from breaches
    inner join {{ ref('fct_team_moves') }} as moves
        on
            moves.ticket_key = breaches.ticket_key
            and moves.moved_at <= breaches.breached_at

)

select
    breaches.sla_target_key,
    breaches.source_system,
    breaches.account_id,
    breaches.ticket_id,
    tickets.ticket_url,
    breaches.shop,
    breaches.channel,
    breaches.team_name,
    breaches.priority,
    breaches.priority_in_force,
    tickets.topic,
    breaches.policy_name,
    breaches.metric,
    case when breaches.in_business_hours then 'business' else 'calendar' end as clock,
    case
        when moved.sla_target_key is not null then 'handed_over'
        when states.status = 'new' then 'not_taken_up'
        when states.status = 'open' then 'in_work'
        when states.status = 'pending' then 'awaiting_customer'
        when states.status = 'hold' then 'awaiting_others'
        else 'unknown'
    end as breach_cause,
    breaches.sla_status = 'breached' and breaches.completed_at is null as is_running,
    breaches.target_seconds,
    breaches.elapsed_seconds,
    breaches.excess_seconds,
    {{ local_hour('breaches.breached_at') }} as hour,
    breaches.breached_date as local_date,
    breaches.breached_at,
    {{ build_id() }} as build_id
from breaches
inner join tickets on tickets.ticket_key = breaches.ticket_key
left join states on states.sla_target_key = breaches.sla_target_key
left join moved on moved.sla_target_key = breaches.sla_target_key
order by breaches.breached_at, breaches.sla_target_key
