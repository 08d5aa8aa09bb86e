with

complaints as (

    select *
    from {{ ref('int_complaints__unioned') }}

),

orders as (

    select order_key, customer_id, shop
    from {{ ref('int_orders__unioned') }}

),

aliases as (

    select source_system, raw_value, channel
    from {{ ref('channel_aliases') }}

),

tickets as (

    select *
    from {{ ref('int_tickets__classified') }}
    where in_p2

),

tagged_tickets as (

    select distinct tickets.ticket_key
    from (
        select ticket_key, unnest(tags) as tag
        from {{ ref('int_tickets__unioned') }}
    ) as tickets
    inner join {{ ref('complaint_rules') }} as rules
        on
            rules.field = 'tag'
            and rules.value = lower(tickets.tag)

    union

    select topics.ticket_key
    from {{ ref('int_ticket_topics') }} as topics
    inner join {{ ref('complaint_rules') }} as rules
        on
            rules.field = 'topic'
            and rules.value = topics.topic

),

customers as (

    select customer_key, identity_hash
    from {{ ref('int_customers__unioned') }}

),

-- One order a case, one alias a channel.
from_registers as (

    select
        complaints.source_system,
        complaints.account_id,
        complaints.complaint_key,
        complaints.complaint_id,
        complaints.kind,
        cast(null as text) as ticket_key,
        coalesce(orders.shop, complaints.account_id) as shop,
        coalesce(aliases.channel, 'unknown') as channel,
        coalesce(complaints.region, 'unknown') as region,
        coalesce(complaints.cause, complaints.issue) as stated_cause,
        lower(complaints.outcome) as outcome,
        orders.customer_id as person,
        cast(null as text) as agent_id,
        cast(null as text) as team_name,
        complaints.status = 'closed' as is_solved,
        complaints.received_at,
        case when complaints.status = 'closed' then complaints.closed_at end as solved_at
    from complaints
    left join orders on orders.order_key = complaints.order_key
    left join aliases
        on
            aliases.source_system = complaints.source_system
            and aliases.raw_value = complaints.channel_raw

),

-- A ticket about a complaint is a case of the helpdesk; what it is about says the service itself.
from_tickets as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key as complaint_key,
        tickets.ticket_id as complaint_id,
        'ticket' as kind,
        tickets.ticket_key,
        tickets.shop,
        tickets.channel,
        'unknown' as region,
        'service' as stated_cause,
        cast(null as text) as outcome,
        coalesce(customers.identity_hash, tickets.customer_key) as person,
        tickets.closer_id as agent_id,
        tickets.team_name,
        tickets.is_solved,
        tickets.created_at as received_at,
        case when tickets.is_solved then tickets.last_solved_at end as solved_at
    from tickets
    inner join tagged_tickets on tagged_tickets.ticket_key = tickets.ticket_key
    left join customers on customers.customer_key = tickets.customer_key

)

select *
from from_registers

union all

select *
from from_tickets
