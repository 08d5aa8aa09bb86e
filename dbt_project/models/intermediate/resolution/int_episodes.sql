{#- Grain: contact episode. What came before and after it from the same customer on the same topic,
    and how its ticket was settled. Where a topic is unknown any contact of the customer matches. -#}
with

contacts as (

    select contact_key, ticket_key, customer_key, channel, is_first_of_ticket, started_at
    from {{ ref('int_contacts') }}

),

tickets as (

    select ticket_key, source_system, account_id
    from {{ ref('int_tickets__classified') }}

),

topics as (

    select ticket_key, topic
    from {{ ref('int_ticket_topics') }}

),

-- A contact belongs to one ticket, a ticket has one topic.
topical as (

    select
        contacts.*,
        coalesce(topics.topic, 'unknown') as topic,
        contacts.customer_key != {{ hash_key([
            'tickets.source_system', 'tickets.account_id', "'unknown'"
        ]) }} as is_customer_known
    from contacts
    inner join tickets on tickets.ticket_key = contacts.ticket_key
    left join topics on topics.ticket_key = contacts.ticket_key

),

neighbours as (

    select
        *,
        lag(started_at) over by_customer as previous_at,
        lead(started_at) over by_customer as next_at,
        lag(started_at) over by_topic as previous_on_topic_at,
        lead(started_at) over by_topic as next_on_topic_at,
        max(case when topic = 'unknown' then started_at end) over (
            by_customer rows between unbounded preceding and 1 preceding
        ) as previous_unknown_at,
        min(case when topic = 'unknown' then started_at end) over (
            by_customer rows between 1 following and unbounded following
        ) as next_unknown_at
    from topical
    where is_customer_known
    window
        by_customer as (partition by customer_key order by started_at, contact_key),
        by_topic as (partition by customer_key, topic order by started_at, contact_key)

),

turning_points as (

    select
        contact_key,
        customer_key,
        started_at,
        case
            when lag(topic) over by_customer != topic then lag(started_at) over by_customer
        end as turned_from_at
    from topical
    where is_customer_known and topic != 'unknown'
    window by_customer as (partition by customer_key order by started_at, contact_key)

),

-- Since the topic last changed it has been the same: what came before the change is the newest
-- contact on another topic.
on_other_topics as (

    select
        contact_key,
        last_value(turned_from_at ignore nulls) over (
            partition by customer_key order by started_at, contact_key
        ) as previous_other_topic_at
    from turning_points

),

related as (

    select
        contact_key,
        case
            when topic = 'unknown' then previous_at
            else greatest(previous_on_topic_at, previous_unknown_at)
        end as previous_related_at,
        case
            when topic = 'unknown' then next_at
            else least(next_on_topic_at, next_unknown_at)
        end as next_related_at
    from neighbours

),

moves as (

    select ticket_key, started_at, is_solve, is_reopen
    from {{ ref('int_ticket_status_intervals') }}
    where is_solve or is_reopen

),

follow_ups as (

    select links.to_ticket_key as ticket_key, follow_up_tickets.created_at as started_at
    from {{ ref('int_ticket_links__unioned') }} as links
    inner join {{ ref('int_tickets__effective') }} as follow_up_tickets
        on follow_up_tickets.ticket_key = links.from_ticket_key
    where links.link_type = 'follow_up'

),

returns as (

    select ticket_key, started_at
    from moves
    where is_reopen

    union all

    select ticket_key, started_at
    from follow_ups

),

solves as (

    select ticket_key, started_at
    from moves
    where is_solve

),

-- The first solve after the contact and the first return after that: an as-of join finds at most
-- one.
solved as (

    select topical.*, solves.started_at as solved_at
    from topical
    asof left join solves
        on
            solves.ticket_key = topical.ticket_key
            and solves.started_at >= topical.started_at

),

reopened as (

    select solved.*, returns.started_at as reopened_at
    from solved
    asof left join returns
        on
            returns.ticket_key = solved.ticket_key
            and returns.started_at > solved.solved_at

)

select
    reopened.contact_key,
    reopened.ticket_key,
    reopened.customer_key,
    reopened.channel,
    reopened.topic,
    reopened.is_customer_known,
    reopened.is_first_of_ticket,
    related.previous_related_at,
    related.next_related_at,
    on_other_topics.previous_other_topic_at,
    reopened.solved_at,
    reopened.reopened_at,
    reopened.started_at
from reopened
left join related on related.contact_key = reopened.contact_key
left join on_other_topics on on_other_topics.contact_key = reopened.contact_key
