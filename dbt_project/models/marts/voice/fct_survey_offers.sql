with

tickets as (

    select *
    from {{ ref('int_tickets__classified') }}
    where in_p5 and not is_bot_only and last_solved_at is not null

),

calls as (

    select *
    from {{ ref('int_calls__unioned') }}
    where direction = 'inbound' and answered_at is not null

),

-- A contact of several legs is over with the last one that was answered.
last_legs as (

    select *
    from calls
    qualify row_number() over (
        partition by contact_key order by leg_no desc, call_key asc
    ) = 1

),

sessions as (

    select
        ticket_key as session_key,
        ticket_key,
        cast(null as text) as contact_key,
        ticket_id as session_id,
        source_system,
        account_id,
        shop,
        channel,
        team_name,
        closer_id as agent_id,
        last_solved_at as closed_at
    from tickets

    union all

    select
        call_key as session_key,
        cast(null as text) as ticket_key,
        contact_key,
        contact_id as session_id,
        source_system,
        account_id,
        account_id as shop,
        'phone' as channel,
        'unknown' as team_name,
        coalesce(agent_id, 'unknown') as agent_id,
        coalesce(ended_at, answered_at) as closed_at
    from last_legs

),

offers as (

    select distinct surveys.ticket_key, calls.contact_key
    from {{ ref('fct_surveys') }} as surveys
    left join calls on calls.call_key = surveys.call_key
    where surveys.kind = 'csat' and surveys.invited_at is not null

),

offered_tickets as (

    select distinct ticket_key
    from offers
    where ticket_key is not null

),

offered_calls as (

    select distinct contact_key
    from offers
    where contact_key is not null

)

-- One row an offered ticket and an offered call.
select
    sessions.session_key,
    sessions.session_id,
    sessions.source_system,
    sessions.account_id,
    sessions.shop,
    sessions.channel,
    sessions.team_name,
    sessions.agent_id,
    offered_tickets.ticket_key is not null or offered_calls.contact_key is not null as is_offered,
    {{ local_date('sessions.closed_at') }} as closed_date,
    sessions.closed_at
from sessions
left join offered_tickets on offered_tickets.ticket_key = sessions.ticket_key
left join offered_calls on offered_calls.contact_key = sessions.contact_key
order by sessions.closed_at, sessions.session_key
