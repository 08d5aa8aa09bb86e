with

contacts as (

    select *
    from {{ ref('int_contacts') }}

),

answers as (

    select contact_key, agent_id, answered_at, answer_seconds
    from {{ ref('int_contacts__answered') }}

),

customers as (

    select customer_key, identity_hash
    from {{ ref('int_customers__unioned') }}

),

windows as (

    select shop, channel, opens_second, closes_second
    from {{ ref('int_platform_windows') }}

),

limits as (

    select channel, seconds
    from {{ ref('kpi_thresholds') }}
    where kpi_id = 'response_rate'

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        team_id,
        team_name,
        priority,
        assignee_id,
        in_p2,
        as_of_at
    from {{ ref('int_tickets__classified') }}

)

-- A contact belongs to one ticket and has one answer; one window a shop and channel, one limit a
-- channel and one for all, at most one customer a key. Without a window a channel is judged always.
select
    contacts.contact_key,
    tickets.ticket_key,
    tickets.ticket_id,
    contacts.customer_key,
    coalesce(customers.identity_hash, contacts.customer_key) as identity_key,
    tickets.source_system,
    tickets.account_id,
    {{ ticket_link('tickets.account_id', 'tickets.ticket_id') }} as ticket_url,
    tickets.shop,
    contacts.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    coalesce(answers.agent_id, tickets.assignee_id, 'unknown') as agent_id,
    {{ local_hour('contacts.started_at') }} as started_hour,
    cast(isodow({{ local_date('contacts.started_at') }}) as integer) as started_weekday,
    answers.answer_seconds,
    coalesce(of_channel.seconds, of_all.seconds) as rule_seconds,
    tickets.in_p2,
    contacts.is_first_of_ticket,
    coalesce({{ is_in_window('windows', 'contacts.started_at') }}, true) as is_in_window,
    answers.answered_at is not null as is_answered,
    coalesce(answers.answer_seconds <= coalesce(of_channel.seconds, of_all.seconds), false)
        as is_answered_in_rule_time,
    {{ plus_seconds('contacts.started_at', 'coalesce(of_channel.seconds, of_all.seconds)') }}
    <= tickets.as_of_at as is_rule_time_over,
    {{ local_date('contacts.started_at') }} as started_date,
    {{ local_date('answers.answered_at') }} as answered_date,
    contacts.started_at,
    answers.answered_at
from contacts
inner join tickets on tickets.ticket_key = contacts.ticket_key
inner join answers on answers.contact_key = contacts.contact_key
left join customers on customers.customer_key = contacts.customer_key
left join windows
    on
        windows.shop = tickets.shop
        and windows.channel = contacts.channel
left join limits as of_channel on of_channel.channel = contacts.channel
left join limits as of_all on of_all.channel = '*'
order by contacts.started_at, contacts.contact_key
