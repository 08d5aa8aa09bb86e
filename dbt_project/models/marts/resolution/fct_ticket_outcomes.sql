with

tickets as (

    select *
    from {{ ref('int_tickets__classified') }}

),

durations as (

    select
        ticket_key,
        requester_wait_calendar_seconds + agent_wait_calendar_seconds
            as unsolved_calendar_seconds,
        requester_wait_business_seconds + agent_wait_business_seconds
            as unsolved_business_seconds
    from {{ ref('int_ticket_durations__pivoted') }}

),

complexity as (

    select ticket_key, complex_by, is_complex
    from {{ ref('int_ticket_complexity') }}

),

topics as (

    select ticket_key, topic
    from {{ ref('int_ticket_topics') }}

),

stays as (

    select
        ticket_key,
        max(tier) as highest_tier,
        bool_or(is_escalation) as is_escalated,
        cast(
            coalesce(
                sum(unsolved_seconds) filter (where department != 'customer_service'), 0
            ) as bigint
        ) as other_department_seconds
    from {{ ref('int_ticket_team_stays') }}
    group by ticket_key

),

covered as (

    select distinct ticket_key
    from {{ ref('int_sla_targets__in_force') }}
    where target_seconds is not null

),

follow_ups as (

    select ticket_key, followed_up_at
    from {{ ref('int_ticket_followups') }}

),

limits as (

    select
        channel,
        max(seconds) filter (where kpi_id = 'durable_resolution_rate') as durable_seconds,
        max(seconds) filter (where kpi_id = 'followup_coverage_rate') as follow_up_seconds
    from {{ ref('int_channel_limits') }}
    group by channel

),

windows as (

    select ticket_key, ticket_url, is_resolution_matured, is_resolved_in_window
    from {{ ref('fct_tickets') }}

),

rules as (

    select attribute, value
    from {{ ref('ticket_rules') }}
    where rule_set = 'follow_up'

),

selecting as (

    select
        coalesce(bool_or(value = 'true') filter (where attribute = 'complex'), false)
            as selects_complex
    from rules

),

tagged as (

    select distinct tags.ticket_key
    from (
        select ticket_key, unnest(tags) as tag
        from {{ ref('int_tickets__unioned') }}
    ) as tags
    inner join rules on rules.attribute = 'tag' and rules.value = tags.tag

),

rated as (

    select distinct ratings.ticket_key
    from {{ ref('int_surveys__unioned') }} as ratings
    inner join rules on rules.attribute = 'rating' and rules.value = ratings.sentiment
    where ratings.kind = 'csat'

),

episodes as (

    select customer_key, topic, started_at
    from {{ ref('int_episodes') }}
    where is_customer_known

),

-- Every joined model has at most one row a ticket.
joined as (

    select
        tickets.*,
        coalesce(topics.topic, 'unknown') as topic,
        complexity.complex_by,
        complexity.is_complex,
        durations.unsolved_calendar_seconds,
        durations.unsolved_business_seconds,
        case when tickets.is_history_complete then coalesce(stays.highest_tier, 1) end
            as highest_tier,
        coalesce(stays.is_escalated, false) as is_escalated,
        case
            when tickets.is_history_complete then coalesce(stays.other_department_seconds, 0)
        end as other_department_seconds,
        covered.ticket_key is not null as has_sla_target,
        tagged.ticket_key is not null
        or rated.ticket_key is not null
        or (selecting.selects_complex and complexity.is_complex) as is_follow_up_selected,
        follow_ups.followed_up_at,
        windows.ticket_url,
        windows.is_resolution_matured,
        windows.is_resolved_in_window,
        {{ plus_seconds('tickets.first_solved_at', 'limits.durable_seconds') }}
            as durable_until_at,
        {{ plus_seconds('tickets.last_solved_at', 'limits.follow_up_seconds') }}
            as follow_up_due_at
    from tickets
    cross join selecting
    inner join limits on limits.channel = tickets.channel
    inner join windows on windows.ticket_key = tickets.ticket_key
    inner join complexity on complexity.ticket_key = tickets.ticket_key
    left join topics on topics.ticket_key = tickets.ticket_key
    left join durations on durations.ticket_key = tickets.ticket_key
    left join stays on stays.ticket_key = tickets.ticket_key
    left join covered on covered.ticket_key = tickets.ticket_key
    left join follow_ups on follow_ups.ticket_key = tickets.ticket_key
    left join tagged on tagged.ticket_key = tickets.ticket_key
    left join rated on rated.ticket_key = tickets.ticket_key

),

-- A new contact of the customer on the topic after the first solve, inside the window.
repeats as (

    select distinct joined.ticket_key
    from joined
    inner join episodes
        on
            episodes.customer_key = joined.customer_key
            and episodes.started_at > joined.first_solved_at
            and episodes.started_at <= joined.durable_until_at
            and (
                episodes.topic = joined.topic
                or episodes.topic = 'unknown'
                or joined.topic = 'unknown'
            )

)

select
    joined.ticket_key,
    joined.ticket_id,
    joined.source_system,
    joined.account_id,
    joined.ticket_url,
    joined.customer_key,
    joined.shop,
    joined.channel,
    joined.topic,
    joined.team_id,
    joined.team_name,
    joined.priority,
    joined.assignee_id,
    joined.closer_id,
    joined.exclusion_reason,
    joined.complex_by,
    joined.highest_tier,
    joined.agents_touching_count,
    joined.unsolved_calendar_seconds,
    joined.unsolved_business_seconds,
    cast(joined.other_department_seconds as bigint) as other_department_seconds,
    joined.in_p1,
    joined.in_p2,
    joined.in_p3,
    joined.in_p5,
    joined.is_merged,
    joined.is_history_complete,
    joined.is_complex,
    joined.is_solve_by_human,
    joined.has_sla_target,
    joined.is_escalated,
    joined.is_resolution_matured,
    joined.is_resolved_in_window,
    case
        when joined.reopen_count is not null and joined.agents_touching_count is not null
            then joined.reopen_count = 0 and joined.agents_touching_count = 1
    end as is_closed_by_one,
    joined.is_history_complete and coalesce(joined.durable_until_at <= joined.as_of_at, false)
        as is_durable_matured,
    coalesce(
        least(joined.first_reopened_at, joined.first_customer_return_at)
        <= joined.durable_until_at,
        false
    ) as is_reopened_early,
    repeats.ticket_key is not null as is_repeated_early,
    joined.is_follow_up_selected,
    coalesce(joined.follow_up_due_at <= joined.as_of_at, false) as is_follow_up_matured,
    coalesce(joined.followed_up_at <= joined.follow_up_due_at, false) as is_followed_up,
    {{ local_date('joined.created_at') }} as created_date,
    {{ local_date('joined.first_solved_at') }} as first_solved_date,
    {{ local_date('joined.last_solved_at') }} as last_solved_date,
    joined.created_at,
    joined.first_solved_at,
    joined.last_solved_at,
    joined.followed_up_at,
    joined.as_of_at
from joined
left join repeats on repeats.ticket_key = joined.ticket_key
order by joined.created_at, joined.ticket_key
