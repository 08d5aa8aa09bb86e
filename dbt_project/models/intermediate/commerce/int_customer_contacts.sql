with

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        customer_key,
        shop,
        channel,
        closer_id,
        assignee_id,
        exclusion_reason,
        is_bot_only,
        is_agent_initiated,
        response_started_at,
        first_response_at
    from {{ ref('int_tickets__classified') }}

),

without_messages as (

    select ticket_key
    from {{ ref('int_tickets__unioned') }}
    where not has_messages

),

mergers as (

    select ticket_key, merged_into_key
    from {{ ref('int_ticket_merges__resolved') }}

),

episodes as (

    select contact_key, ticket_key, customer_key, channel, started_at
    from {{ ref('int_contacts') }}

),

turns as (

    select
        ticket_key,
        agent_id,
        answered_at,
        opened_at,
        coalesce(
            lead(opened_at) over (partition by ticket_key order by turn_no),
            timestamp '9999-12-31'
        ) as next_opened_at
    from {{ ref('int_turns') }}

),

customers as (

    select source_system, account_id, customer_key, identity_hash
    from {{ ref('int_customers__unioned') }}

),

calls as (

    select *
    from {{ ref('int_calls__unioned') }}
    where direction = 'inbound' and leg_no = 1

),

-- An episode falls into one turn at most. One on a ticket that was merged away is answered there
-- where the ticket went.
from_episodes as (

    select
        episodes.contact_key,
        tickets.source_system,
        tickets.account_id,
        episodes.customer_key,
        tickets.shop,
        episodes.channel,
        coalesce(turns.agent_id, 'unknown') as agent_id,
        tickets.is_bot_only,
        tickets.is_agent_initiated,
        episodes.started_at as contact_at,
        turns.answered_at
    from episodes
    left join mergers on mergers.ticket_key = episodes.ticket_key
    inner join tickets
        on tickets.ticket_key = coalesce(mergers.merged_into_key, episodes.ticket_key)
    left join turns
        on
            turns.ticket_key = tickets.ticket_key
            and episodes.started_at >= turns.opened_at
            and episodes.started_at < turns.next_opened_at

),

-- A session whose messages were not exported is one contact.
from_sessions as (

    select
        tickets.ticket_key as contact_key,
        tickets.source_system,
        tickets.account_id,
        tickets.customer_key,
        tickets.shop,
        tickets.channel,
        case
            when tickets.assignee_id != 'unknown' then tickets.assignee_id
            else tickets.closer_id
        end as agent_id,
        tickets.is_bot_only,
        tickets.is_agent_initiated,
        tickets.response_started_at as contact_at,
        tickets.first_response_at as answered_at
    from tickets
    inner join without_messages on without_messages.ticket_key = tickets.ticket_key
    where tickets.exclusion_reason is null

),

from_calls as (

    select
        call_key as contact_key,
        source_system,
        account_id,
        {{ hash_key(['source_system', 'account_id', "coalesce(customer_id, 'unknown')"]) }}
            as customer_key,
        account_id as shop,
        'phone' as channel,
        coalesce(agent_id, 'unknown') as agent_id,
        false as is_bot_only,
        false as is_agent_initiated,
        started_at as contact_at,
        answered_at
    from calls

),

unioned as (

    select *
    from from_episodes

    union all

    select *
    from from_sessions

    union all

    select *
    from from_calls

)

-- A customer key is one customer, so the join keeps one row a contact.
select
    unioned.contact_key,
    unioned.source_system,
    unioned.account_id,
    unioned.customer_key,
    customers.identity_hash,
    {{ hash_key(['customers.identity_hash']) }} as buyer_key,
    unioned.shop,
    unioned.channel,
    unioned.agent_id,
    unioned.is_bot_only,
    unioned.is_agent_initiated,
    {{ seconds_between('unioned.contact_at', 'unioned.answered_at') }} as wait_seconds,
    {{ local_date('unioned.contact_at') }} as contact_date,
    unioned.contact_at,
    unioned.answered_at
from unioned
left join customers
    on
        customers.source_system = unioned.source_system
        and customers.account_id = unioned.account_id
        and customers.customer_key = unioned.customer_key
where unioned.contact_at is not null
