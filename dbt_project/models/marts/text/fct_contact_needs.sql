with

contacts as (

    select contact_key, ticket_key, channel, started_at
    from {{ ref('int_contacts') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        ticket_url,
        shop,
        team_name,
        priority,
        topic,
        parent_topic,
        exclusion_reason,
        in_p2
    from {{ ref('fct_tickets') }}

)

-- A contact belongs to one ticket.
select
    contacts.contact_key,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.ticket_url,
    tickets.shop,
    contacts.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    tickets.parent_topic as need,
    tickets.exclusion_reason,
    tickets.in_p2,
    {{ local_date('contacts.started_at') }} as started_date
from contacts
inner join tickets on tickets.ticket_key = contacts.ticket_key
order by contacts.started_at, contacts.contact_key
