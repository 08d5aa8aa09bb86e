with

sessions as (

    select *
    from {{ ref('int_bot_sessions__unioned') }}

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
        customer_key,
        created_at,
        exclusion_reason,
        in_p2,
        as_of_at
    from {{ ref('int_tickets__classified') }}

),

thresholds as (

    select
        tickets.channel,
        max_by(
            thresholds.seconds, thresholds.channel
        ) filter (where thresholds.kpi_id = 'bot_resolution_rate') as repeat_seconds
    from (select distinct channel from tickets) as tickets
    inner join {{ ref('kpi_thresholds') }} as thresholds
        on thresholds.channel in ('*', tickets.channel)
    group by tickets.channel

),

-- Whenever the customer asked again, on whichever ticket of the account.
contacts as (

    select customer_key, created_at as started_at
    from tickets
    where exclusion_reason is null

    union

    select tickets.customer_key, contacts.started_at
    from {{ ref('int_contacts') }} as contacts
    inner join tickets on tickets.ticket_key = contacts.ticket_key

),

-- One row a channel: a session stays one row.
timed as (

    select
        sessions.ticket_key,
        tickets.customer_key,
        sessions.ended_at,
        {{ plus_seconds('sessions.ended_at', 'thresholds.repeat_seconds') }} as matures_at
    from sessions
    inner join tickets on tickets.ticket_key = sessions.ticket_key
    inner join thresholds on thresholds.channel = tickets.channel

),

repeats as (

    select timed.ticket_key, min(contacts.started_at) as repeated_at
    from timed
    inner join contacts
        on
            contacts.customer_key = timed.customer_key
            and contacts.started_at > timed.ended_at
            and contacts.started_at <= timed.matures_at
    group by timed.ticket_key

),

classed as (

    select
        *,
        case
            when handed_over_at is not null then 'handed_over'
            when ended_by = 'silence' then 'silent'
            when ended_at is null then 'open'
            when is_confirmed_solved then 'confirmed'
            when not is_confirmed_solved then 'unsolved'
            when is_judged_solved then 'judged'
            else 'unsolved'
        end as outcome
    from sessions

)

-- A ticket is one row in each.
select
    classed.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    classed.bot_name,
    classed.outcome,
    classed.ended_by,
    coalesce(classed.human_agent_id, 'unknown') as human_agent_id,
    case
        when classed.human_replied_at >= classed.handed_over_at
            then {{ seconds_between('classed.handed_over_at', 'classed.human_replied_at') }}
    end as human_response_seconds,
    tickets.exclusion_reason,
    tickets.in_p2,
    classed.outcome = 'handed_over' as is_handed_over,
    classed.outcome = 'silent' as is_silent,
    repeats.ticket_key is not null as is_repeated,
    coalesce(timed.matures_at <= tickets.as_of_at, false) as is_matured,
    classed.outcome in ('confirmed', 'judged') and repeats.ticket_key is null as is_resolved,
    {{ local_date('classed.started_at') }} as started_date,
    {{ local_date('classed.handed_over_at') }} as handed_over_date,
    classed.started_at,
    classed.ended_at,
    classed.handed_over_at,
    classed.human_replied_at
from classed
inner join tickets on tickets.ticket_key = classed.ticket_key
inner join timed on timed.ticket_key = classed.ticket_key
left join repeats on repeats.ticket_key = classed.ticket_key
order by classed.started_at, classed.ticket_key
