with

intervals as (

    select ticket_key, status, calendar_seconds
    from {{ ref('fct_status_intervals') }}
    where in_p2 and is_unsolved and calendar_seconds is not null

),

tickets as (

    select *
    from {{ ref('fct_tickets') }}
    where in_p2

)

-- One ticket an interval.
select
    tickets.created_date as local_date,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    intervals.status,
    count(distinct intervals.ticket_key) as tickets,
    cast(sum(intervals.calendar_seconds) / 3600.0 as double) as hours,
    {{ build_id() }} as build_id
from intervals
inner join tickets on tickets.ticket_key = intervals.ticket_key
group by
    tickets.created_date,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    intervals.status
order by local_date, tickets.source_system, tickets.account_id
