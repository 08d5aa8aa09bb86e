with

handling as (

    select *
    from {{ ref('int_ticket_handling') }}

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
        in_p5,
        last_solved_at
    from {{ ref('int_tickets__classified') }}

)

-- A ticket is one row.
select
    {{ hash_key(['handling.ticket_key', 'handling.agent_id']) }} as handling_key,
    handling.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    handling.agent_id,
    cast(handling.handling_seconds as bigint) as handling_seconds,
    handling.piece_count,
    handling.is_session,
    tickets.in_p5,
    {{ local_date('tickets.last_solved_at') }} as solved_date,
    tickets.last_solved_at
from handling
inner join tickets on tickets.ticket_key = handling.ticket_key
order by tickets.last_solved_at, handling.ticket_key, handling.agent_id
