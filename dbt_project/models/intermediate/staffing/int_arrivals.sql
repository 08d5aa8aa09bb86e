{#- Grain: contact that asked for a human: a call that reached a queue, or a ticket. A ticket that
    a bot had first arrives when it is handed over. `skill` is the queue or team that has to serve
    it; where a system lists no teams, its id of the team is the name. `handle_seconds` is known
    from `handled_at` on. `wait_seconds` of a call ends with the answer or with the caller's
    patience. -#}
with

bots as (

    select ticket_key, handed_over_at
    from {{ ref('int_bot_sessions__unioned') }}

),

handling as (

    select ticket_key, sum(handling_seconds) as handle_seconds
    from {{ ref('int_ticket_handling') }}
    group by ticket_key

),

arrivals as (

    select
        source_system,
        account_id,
        queue_name as skill,
        'phone' as channel,
        case when is_handled then handle_seconds end as handle_seconds,
        queue_seconds as wait_seconds,
        disposition = 'abandoned_queue' as is_abandoned,
        arrived_at,
        ended_at as handled_at
    from {{ ref('int_calls__judged') }}
    where is_queued

    union all

    -- One row a ticket on every side.
    select
        tickets.source_system,
        tickets.account_id,
        case when tickets.team_name = 'unknown' then tickets.team_id else tickets.team_name end
            as skill,
        tickets.channel,
        case when tickets.in_p5 then handling.handle_seconds end as handle_seconds,
        null as wait_seconds,
        false as is_abandoned,
        coalesce(bots.handed_over_at, tickets.created_at) as arrived_at,
        tickets.last_solved_at as handled_at
    from {{ ref('int_tickets__classified') }} as tickets
    left join bots on bots.ticket_key = tickets.ticket_key
    left join handling on handling.ticket_key = tickets.ticket_key
    where tickets.in_p4

)

select
    source_system,
    account_id,
    skill,
    channel,
    cast(handle_seconds as bigint) as handle_seconds,
    cast(wait_seconds as bigint) as wait_seconds,
    is_abandoned,
    {{ local_date('arrived_at') }} as local_date,
    cast(date_trunc('week', {{ local_date('arrived_at') }}) as date) as week_start,
    cast(floor({{ second_of_day(local_timestamp('arrived_at')) }} / 1800) as integer) as half_hour,
    {{ local_date('handled_at') }} as handled_date
from arrivals
