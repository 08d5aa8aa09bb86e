with

intervals as (

    select *
    from {{ ref('int_ticket_status_intervals') }}

),

tickets as (

    select
        ticket_key,
        source_system,
        account_id,
        shop,
        channel,
        team_id,
        team_name,
        priority,
        in_p2
    from {{ ref('int_tickets__classified') }}

),

spans as (

    select
        ticket_key,
        span_no,
        calendar_seconds,
        business_seconds,
        business_last_seconds
    from {{ ref('int_ticket_spans__clocked') }}
    where span_type like '%\_status' escape '\'

)

-- One ticket and at most one clocked span an interval.
select
    tickets.ticket_key,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    intervals.interval_no,
    intervals.status,
    intervals.previous_status,
    coalesce(intervals.actor_id, 'unknown') as actor_id,
    intervals.actor_type,
    spans.calendar_seconds,
    spans.business_seconds,
    spans.business_last_seconds,
    tickets.in_p2,
    intervals.is_unsolved,
    intervals.is_reopen,
    intervals.is_solve,
    intervals.ended_at is null as is_current,
    {{ local_date('intervals.started_at') }} as started_date,
    intervals.started_at,
    intervals.ended_at
from intervals
inner join tickets on tickets.ticket_key = intervals.ticket_key
left join spans
    on
        spans.ticket_key = intervals.ticket_key
        and spans.span_no = intervals.interval_no
order by intervals.started_at, intervals.ticket_key, intervals.interval_no
