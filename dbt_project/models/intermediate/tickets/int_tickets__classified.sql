{%- set message_counts = [
    'message',
    'customer_message',
    'public_agent_message',
    'public_agent_reply',
    'internal_note',
    'bot_message',
    'agents_touching',
] -%}
{%- set station_counts = ['group_station', 'assignee_station', 'human_owner'] -%}

with

tickets as (

    select *
    from {{ ref('int_tickets__effective') }}

),

messages as (

    select *
    from {{ ref('int_ticket_messages__aggregated') }}

),

solves as (

    select *
    from {{ ref('int_ticket_solves__aggregated') }}

),

stations as (

    select *
    from {{ ref('int_ticket_stations__aggregated') }}

),

-- Only where a bot wrote can a ticket have been settled by a bot alone.
bot_moves as (

    select
        intervals.ticket_key,
        intervals.is_reopen,
        intervals.started_at,
        last_value(case when intervals.is_solve then intervals.actor_type end ignore nulls) over (
            partition by intervals.ticket_key order by intervals.interval_no
        ) as solver_type
    from {{ ref('int_ticket_status_intervals') }} as intervals
    inner join messages on messages.ticket_key = intervals.ticket_key
    where messages.first_bot_message_at < intervals.started_at

),

-- A ticket that a bot settled alone begins anew for people when it is reopened.
response_starts as (

    select bot_moves.ticket_key, max(bot_moves.started_at) as response_started_at
    from bot_moves
    inner join messages on messages.ticket_key = bot_moves.ticket_key
    where
        bot_moves.is_reopen
        and bot_moves.solver_type = 'bot'
        and bot_moves.started_at <= coalesce(messages.first_response_at, bot_moves.started_at)
    group by bot_moves.ticket_key

),

owners as (

    select ticket_key, value as assignee_id, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'assignee'

),

-- Half-open intervals of one ticket: at most one of them holds at the solve.
solve_owners as (

    select solves.ticket_key, owners.assignee_id
    from solves
    inner join owners
        on
            owners.ticket_key = solves.ticket_key
            and solves.last_solved_at >= owners.started_at
            and solves.last_solved_at < coalesce(owners.ended_at, timestamp '9999-12-31')

),

follow_ups as (

    select links.to_ticket_key as ticket_key, min(tickets.created_at) as first_follow_up_at
    from {{ ref('int_ticket_links__unioned') }} as links
    inner join tickets on tickets.ticket_key = links.from_ticket_key
    where links.link_type = 'follow_up'
    group by links.to_ticket_key

),

-- Every joined model has at most one row a ticket.
joined as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_key,
        tickets.ticket_id,
        tickets.shop,
        tickets.channel,
        tickets.team_id,
        tickets.team_name,
        tickets.priority,
        tickets.type,
        coalesce(solves.status, tickets.status) as status,
        tickets.customer_id,
        tickets.customer_key,
        tickets.submitter_id,
        coalesce(tickets.assignee_id, 'unknown') as assignee_id,
        coalesce(
            case when solves.last_solver_type = 'agent' then solves.last_solver_id end,
            solve_owners.assignee_id,
            'unknown'
        ) as closer_id,
        coalesce(messages.first_response_agent_id, 'unknown') as first_response_agent_id,
        tickets.merged_into_id,
        tickets.merged_source_count,
        tickets.exclusion_reason,
        {%- for name in message_counts %}
        case when tickets.has_messages then coalesce(messages.{{ name }}_count, 0) end
            as {{ name }}_count,
        {%- endfor %}
        {%- for name in station_counts %}
        case when tickets.is_history_complete then coalesce(stations.{{ name }}_count, 0) end
            as {{ name }}_count,
        {%- endfor %}
        case
            when tickets.is_history_complete then coalesce(solves.reopen_count, 0)
            else tickets.vendor_reopen_count
        end as reopen_count,
        case
            when tickets.is_history_complete then coalesce(solves.customer_reopen_count, 0)
            when tickets.vendor_reopen_count = 0 then 0
        end as customer_reopen_count,
        tickets.is_history_complete,
        tickets.is_deleted,
        tickets.is_merged,
        coalesce(messages.is_agent_initiated, false) or tickets.is_outbound as is_agent_initiated,
        case
            when tickets.has_messages then coalesce(messages.has_question, false)
            else tickets.is_response_stated
        end as has_question,
        coalesce(solves.status, tickets.status) in ('solved', 'closed') as is_solved,
        coalesce(messages.bot_message_count, 0) > 0
        and coalesce(messages.public_agent_message_count, 0) = 0
        and (
            coalesce(solves.status, tickets.status) in ('solved', 'closed')
            or coalesce(messages.customer_message_count, 0) = 0
        )
        or tickets.is_bot_session as is_bot_only,
        coalesce(messages.public_agent_message_count, 0) > 0
        or coalesce(stations.human_owner_count, 0) > 0 as has_human,
        -- Where neither messages nor the solver were exported, whoever held the ticket solved it.
        coalesce(messages.public_agent_message_count, 0) > 0
        or coalesce(solves.first_solver_type = 'agent', false)
        or tickets.stated_first_response_at is not null
        or (
            not tickets.has_messages
            and coalesce(solves.first_solver_type = 'unknown', true)
            and coalesce(stations.human_owner_count, 0) > 0
        ) as is_solve_by_human,
        tickets.created_at,
        coalesce(response_starts.response_started_at, tickets.created_at) as response_started_at,
        case
            when tickets.has_messages then messages.first_response_at
            when tickets.stated_first_response_at >= tickets.created_at
                then tickets.stated_first_response_at
        end as first_response_at,
        case when tickets.is_first_solve_known then solves.first_solved_at end as first_solved_at,
        solves.last_solved_at,
        case when coalesce(solves.status, tickets.status) = 'closed' then solves.closed_at end
            as closed_at,
        solves.first_reopened_at,
        least(
            solves.first_customer_reopen_at,
            case
                when follow_ups.first_follow_up_at > solves.first_solved_at
                    then follow_ups.first_follow_up_at
            end
        ) as first_customer_return_at,
        messages.last_public_message_at,
        tickets.updated_at,
        tickets.as_of_at
    from tickets
    left join messages on messages.ticket_key = tickets.ticket_key
    left join solves on solves.ticket_key = tickets.ticket_key
    left join stations on stations.ticket_key = tickets.ticket_key
    left join response_starts on response_starts.ticket_key = tickets.ticket_key
    left join solve_owners on solve_owners.ticket_key = tickets.ticket_key
    left join follow_ups on follow_ups.ticket_key = tickets.ticket_key

),

-- The populations of the KPI catalogue; each contains the next, P5 is solved within P2.
populated as (

    select
        *,
        coalesce(exclusion_reason = 'merged', true) as in_p1,
        exclusion_reason is null as in_p2,
        exclusion_reason is null and not is_bot_only as in_p3,
        exclusion_reason is null and not is_bot_only and not is_agent_initiated as in_p4,
        exclusion_reason is null and is_solved as in_p5,
        exclusion_reason is null and not is_bot_only and not is_agent_initiated and has_question
            as in_p6
    from joined

)

select *
from populated
