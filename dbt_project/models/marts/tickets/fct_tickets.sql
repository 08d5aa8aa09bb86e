{%- set durations = [
    'first_response',
    'first_resolution',
    'full_resolution',
    'requester_wait',
    'agent_work',
    'agent_wait',
    'on_hold',
    'new_status',
    'open_status',
] -%}
{%- set vendor_durations = [
    'first_reply',
    'first_resolution',
    'full_resolution',
    'agent_wait',
    'requester_wait',
    'on_hold',
] -%}
{%- set vendor_counts = ['group_station', 'assignee_station', 'reopen', 'reply'] -%}

with

classified as (

    select *
    from {{ ref('int_tickets__classified') }}

),

durations as (

    select *
    from {{ ref('int_ticket_durations__pivoted') }}

),

records as (

    select *
    from {{ ref('int_tickets__unioned') }}

),

channels as (

    select channel, is_session
    from {{ ref('channels') }}

),

thresholds as (

    select
        channels.channel,
        thresholds.kpi_id,
        coalesce(
            max(thresholds.seconds) filter (where thresholds.channel = channels.channel),
            max(thresholds.seconds) filter (where thresholds.channel = '*')
        ) as seconds
    from channels
    inner join {{ ref('kpi_thresholds') }} as thresholds
        on thresholds.channel in (channels.channel, '*')
    group by channels.channel, thresholds.kpi_id

),

limits as (

    select
        channel,
        max(seconds) filter (where kpi_id = 'response_in_time_rate') as response_seconds,
        max(seconds) filter (where kpi_id = 'resolution_rate') as resolution_seconds,
        max(seconds) filter (where kpi_id = 'reopen_rate') as reopen_seconds
    from thresholds
    group by channel

),

topics as (

    select ticket_key, topic, parent_topic, topic_source
    from {{ ref('int_ticket_topics') }}

),

last_ratings as (

    select ticket_key, sentiment
    from {{ ref('int_surveys__unioned') }}
    where kind = 'csat' and sentiment is not null
    qualify row_number() over (
        partition by ticket_key order by updated_at desc, survey_id desc
    ) = 1

),

-- The moments at which the observation windows of the cohort rates close.
windowed as (

    select
        classified.*,
        channels.is_session,
        limits.response_seconds,
        {{ plus_seconds('classified.response_started_at', 'limits.response_seconds') }}
            as response_due_at,
        {{ plus_seconds('classified.created_at', 'limits.resolution_seconds') }}
            as resolution_due_at,
        {{ plus_seconds('classified.first_solved_at', 'limits.reopen_seconds') }}
            as reopen_due_at
    from classified
    inner join channels on channels.channel = classified.channel
    inner join limits on limits.channel = classified.channel

)

-- Records, topics, durations and ratings have at most one row a ticket.
select
    windowed.ticket_key,
    windowed.ticket_id,
    windowed.source_system,
    windowed.account_id,
    {{ ticket_link('windowed.account_id', 'windowed.ticket_id') }} as ticket_url,
    windowed.shop,
    windowed.channel,
    windowed.team_id,
    windowed.team_name,
    windowed.priority,
    windowed.type,
    coalesce(topics.topic, 'unknown') as topic,
    coalesce(topics.parent_topic, 'unknown') as parent_topic,
    coalesce(topics.topic_source, 'none') as topic_source,
    windowed.status,
    windowed.customer_key,
    windowed.submitter_id,
    windowed.assignee_id,
    windowed.closer_id,
    windowed.first_response_agent_id,
    windowed.merged_into_id,
    windowed.exclusion_reason,
    last_ratings.sentiment as csat_sentiment,
    {%- for name in durations %}
    durations.{{ name }}_calendar_seconds,
    durations.{{ name }}_business_seconds,
    durations.{{ name }}_business_last_seconds,
    {%- endfor %}
    windowed.response_seconds as response_target_seconds,
    windowed.reopen_count,
    windowed.customer_reopen_count,
    windowed.group_station_count,
    windowed.assignee_station_count,
    windowed.human_owner_count,
    windowed.agents_touching_count,
    windowed.message_count,
    windowed.customer_message_count,
    windowed.public_agent_message_count,
    windowed.public_agent_reply_count,
    case
        when windowed.is_session and windowed.public_agent_reply_count > 1 then 1
        else windowed.public_agent_reply_count
    end as human_reply_count,
    windowed.internal_note_count,
    windowed.bot_message_count,
    windowed.merged_source_count,
    {%- for name in vendor_counts %}
    records.vendor_{{ name }}_count,
    {%- endfor %}
    {%- for name in vendor_durations %}
    records.vendor_{{ name }}_calendar_seconds,
    records.vendor_{{ name }}_business_seconds,
    {%- endfor %}
    windowed.in_p1,
    windowed.in_p2,
    windowed.in_p3,
    windowed.in_p4,
    windowed.in_p5,
    windowed.in_p6,
    windowed.is_deleted,
    windowed.is_merged,
    windowed.is_bot_only,
    windowed.is_agent_initiated,
    windowed.has_human,
    windowed.is_solved,
    windowed.in_p6 and windowed.first_response_at is null as is_unreplied,
    windowed.is_solved
    and windowed.reopen_count = 0
    and (
        windowed.public_agent_reply_count = 1
        or (windowed.is_session and windowed.public_agent_reply_count > 1)
    ) as is_one_touch,
    windowed.human_owner_count > 1 as is_transferred,
    windowed.in_p6 and windowed.response_due_at <= windowed.as_of_at as is_response_matured,
    windowed.in_p6 and coalesce(windowed.first_response_at <= windowed.response_due_at, false)
        as is_response_in_time,
    -- Solved, but nobody knows when first: such a ticket can't be judged.
    windowed.resolution_due_at <= windowed.as_of_at
    and (windowed.first_solved_at is not null or windowed.last_solved_at is null)
        as is_resolution_matured,
    windowed.is_solve_by_human
    and coalesce(windowed.first_solved_at <= windowed.resolution_due_at, false)
    and coalesce(windowed.first_reopened_at > windowed.resolution_due_at, true)
        as is_resolved_in_window,
    windowed.is_history_complete and coalesce(windowed.reopen_due_at <= windowed.as_of_at, false)
        as is_reopen_matured,
    coalesce(windowed.first_customer_return_at <= windowed.reopen_due_at, false)
        as is_reopened_in_window,
    {{ local_date('windowed.created_at') }} as created_date,
    {{ local_date('windowed.first_solved_at') }} as first_solved_date,
    {{ local_date('windowed.last_solved_at') }} as last_solved_date,
    windowed.created_at,
    windowed.response_started_at,
    windowed.first_response_at,
    windowed.first_solved_at,
    windowed.last_solved_at,
    windowed.closed_at,
    windowed.last_public_message_at,
    windowed.updated_at,
    windowed.as_of_at,
    records.version_at,
    records.file_id
from windowed
inner join records on records.ticket_key = windowed.ticket_key
left join topics on topics.ticket_key = windowed.ticket_key
left join durations on durations.ticket_key = windowed.ticket_key
left join last_ratings on last_ratings.ticket_key = windowed.ticket_key
order by windowed.created_at, windowed.ticket_key
