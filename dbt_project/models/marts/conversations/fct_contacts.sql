with

contacts as (

    select *
    from {{ ref('int_contacts') }}

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
        in_p2
    from {{ ref('int_tickets__classified') }}

)

-- A contact belongs to one ticket.
select
    contacts.contact_key,
    tickets.ticket_key,
    tickets.ticket_id,
    contacts.customer_key,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    contacts.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    {{ local_hour('contacts.started_at') }} as started_hour,
    cast(isodow({{ local_date('contacts.started_at') }}) as integer) as started_weekday,
    tickets.in_p2,
    contacts.is_first_of_ticket,
    {{ local_date('contacts.started_at') }} as started_date,
    contacts.started_at
from contacts
inner join tickets on tickets.ticket_key = contacts.ticket_key
order by contacts.started_at, contacts.contact_key
