with

spans as (

    select
        ticket_key,
        agent_id,
        calendar_seconds,
        business_seconds,
        from_at as assigned_at,
        to_at as replied_at
    from {{ ref('int_assignment_spans__clocked') }}
    where span_type = 'assignment_to_reply'

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        channel,
        team_name,
        priority,
        exclusion_reason,
        in_p2
    from {{ ref('int_tickets__classified') }}

)

-- A ticket and agent belong to one ticket.
select
    {{ hash_key(['spans.ticket_key', 'spans.agent_id']) }} as ticket_agent_key,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    {{ ticket_link('tickets.account_id', 'tickets.ticket_id') }} as ticket_url,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    spans.agent_id,
    tickets.exclusion_reason,
    spans.calendar_seconds as reply_calendar_seconds,
    spans.business_seconds as reply_business_seconds,
    tickets.in_p2,
    spans.replied_at is not null as has_replied,
    {{ local_date('spans.assigned_at') }} as assigned_date,
    {{ local_date('spans.replied_at') }} as replied_date,
    spans.assigned_at,
    spans.replied_at
from spans
inner join tickets on tickets.ticket_key = spans.ticket_key
order by spans.assigned_at, spans.ticket_key, spans.agent_id
