with

messages as (

    select ticket_key, message_no, sentiment_score, model_version
    from {{ ref('fct_message_sentiments') }}
    where is_scored

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        ticket_url,
        shop,
        channel,
        team_name,
        priority,
        topic,
        closer_id,
        exclusion_reason,
        in_p2,
        created_date,
        created_at
    from {{ ref('fct_tickets') }}

),

limits as (

    select
        {{ kpi_parameter('negative_emotion_rate', 'threshold') }} as threshold,
        {{ kpi_parameter('sentiment_shift', 'smallest_count') }} as smallest_count

),

numbered as (

    select
        *,
        row_number() over (partition by ticket_key order by message_no) as scored_no,
        count(*) over (partition by ticket_key) as scored_count
    from messages

),

-- A third is rounded down, and one message at least.
thirds as (

    select *, greatest(scored_count // 3, 1) as third_count
    from numbered

),

scored as (

    select
        ticket_key,
        any_value(model_version) as model_version,
        count(*) as scored_count,
        {{ exact_mean('sentiment_score') }} as sentiment_mean,
        min(sentiment_score) as sentiment_min,
        {{ exact_mean('sentiment_score', where='scored_no <= third_count') }} as first_third_mean,
        {{ exact_mean('sentiment_score', where='scored_no > scored_count - third_count') }}
            as last_third_mean
    from thirds
    group by ticket_key

)

-- One row of scores a ticket.
select
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.ticket_url,
    tickets.shop,
    tickets.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    tickets.closer_id,
    tickets.exclusion_reason,
    scored.model_version,
    coalesce(scored.scored_count, 0) as scored_count,
    scored.sentiment_mean,
    scored.sentiment_min,
    case
        when scored.scored_count >= limits.smallest_count
            then scored.last_third_mean - scored.first_third_mean
    end as sentiment_shift,
    tickets.in_p2,
    scored.ticket_key is not null as is_scored,
    coalesce(scored.sentiment_min < limits.threshold, false) as has_negative_emotion,
    tickets.created_date
from tickets
cross join limits
left join scored on scored.ticket_key = tickets.ticket_key
order by tickets.created_at, tickets.ticket_key
