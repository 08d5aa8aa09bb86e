with

tickets as (

    select *
    from {{ ref('int_tickets__classified') }}

),

facts as (

    select
        ticket_key,
        ticket_url,
        topic,
        response_target_seconds,
        first_response_calendar_seconds,
        requester_wait_calendar_seconds
    from {{ ref('fct_tickets') }}

),

windows as (

    select shop, channel, opens_second, closes_second
    from {{ ref('int_platform_windows') }}

),

spans as (

    select *
    from {{ ref('int_assignment_spans__clocked') }}

),

first_assignments as (

    select ticket_key, agent_id, calendar_seconds, business_seconds
    from spans
    where span_type = 'first_assignment'

),

unassigned as (

    select
        ticket_key,
        cast(sum(calendar_seconds) as bigint) as calendar_seconds,
        cast(
            case when count(*) = count(business_seconds) then sum(business_seconds) end as bigint
        ) as business_seconds
    from spans
    where span_type = 'unassigned'
    group by ticket_key

),

-- One row a ticket on every side, one window a shop and channel. A ticket that was never without
-- assignee waited 0 s; without a history of states and assignees the time is unknown.
joined as (

    select
        tickets.*,
        facts.ticket_url,
        facts.topic,
        facts.response_target_seconds,
        facts.first_response_calendar_seconds,
        first_assignments.agent_id as first_assignee_id,
        first_assignments.calendar_seconds as first_assignment_calendar_seconds,
        first_assignments.business_seconds as first_assignment_business_seconds,
        tickets.is_history_complete and facts.requester_wait_calendar_seconds is not null
            as has_history,
        case when unassigned.ticket_key is null then 0 else unassigned.calendar_seconds end
            as unassigned_calendar_seconds,
        case when unassigned.ticket_key is null then 0 else unassigned.business_seconds end
            as unassigned_business_seconds,
        {{ is_in_window('windows', 'tickets.response_started_at') }} as is_in_platform_window,
        {{ window_seconds('windows', 'tickets.first_response_at') }}
        - {{ window_seconds('windows', 'tickets.response_started_at') }} as platform_seconds,
        coalesce(tickets.customer_message_count > 0, tickets.has_question)
            as has_customer_message,
        coalesce(
            tickets.public_agent_message_count > 0, tickets.first_response_at is not null
        ) as has_human_message
    from tickets
    inner join facts on facts.ticket_key = tickets.ticket_key
    left join windows
        on
            windows.shop = tickets.shop
            and windows.channel = tickets.channel
    left join first_assignments on first_assignments.ticket_key = tickets.ticket_key
    left join unassigned on unassigned.ticket_key = tickets.ticket_key

)

select
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    ticket_url,
    shop,
    channel,
    topic,
    team_name,
    priority,
    assignee_id,
    coalesce(first_assignee_id, 'unknown') as first_assignee_id,
    first_response_agent_id,
    closer_id,
    exclusion_reason,
    cast(
        case
            when first_response_at is not null
                then greatest({{ seconds_between('created_at', 'first_response_at') }}, 0)
        end as bigint
    ) as first_reply_calendar_seconds,
    -- greatest() skips nulls.
    case
        when is_in_platform_window and first_response_at is not null
            then greatest(platform_seconds, 0)
    end as first_response_platform_seconds,
    case
        when first_response_calendar_seconds is not null
            then greatest(first_response_calendar_seconds - response_target_seconds, 0)
    end as wait_excess_seconds,
    response_target_seconds,
    first_assignment_calendar_seconds,
    first_assignment_business_seconds,
    case when has_history then unassigned_calendar_seconds end as unassigned_calendar_seconds,
    case when has_history then unassigned_business_seconds end as unassigned_business_seconds,
    in_p2,
    in_p3,
    in_p4,
    in_p5,
    in_p6,
    is_bot_only,
    is_agent_initiated,
    is_solved,
    first_response_at is not null as is_replied,
    coalesce(is_in_platform_window, false) as is_in_platform_window,
    is_history_complete,
    has_customer_message,
    has_human_message,
    has_customer_message and has_human_message as is_valid_session,
    {{ local_date('created_at') }} as created_date,
    {{ local_date('last_solved_at') }} as last_solved_date,
    created_at,
    last_solved_at
from joined
order by created_at, ticket_key
