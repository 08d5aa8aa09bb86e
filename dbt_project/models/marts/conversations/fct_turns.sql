with

turns as (

    select *
    from {{ ref('int_turns__clocked') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        channel,
        team_id,
        team_name,
        priority,
        in_p2,
        in_p4,
        in_p6,
        as_of_at
    from {{ ref('int_tickets__classified') }}

)

-- A turn belongs to one ticket.
select
    {{ hash_key(['turns.ticket_key', 'turns.turn_no']) }} as turn_key,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    coalesce(turns.agent_id, 'unknown') as agent_id,
    turns.turn_no,
    {{ local_hour('turns.opened_at') }} as opened_hour,
    turns.customer_message_count,
    turns.calendar_seconds as wait_calendar_seconds,
    turns.business_seconds as wait_business_seconds,
    turns.business_last_seconds as wait_business_last_seconds,
    tickets.in_p2,
    tickets.in_p4,
    tickets.in_p6,
    turns.turn_no = 1 as is_first_turn,
    turns.answered_at is not null as is_answered,
    {{ local_date('turns.opened_at') }} as opened_date,
    {{ local_date('turns.answered_at') }} as answered_date,
    turns.opened_at,
    turns.answered_at
from turns
inner join tickets on tickets.ticket_key = turns.ticket_key
order by turns.opened_at, turns.ticket_key, turns.turn_no
