with

tickets as (

    select
        ticket_key,
        channel,
        response_started_at,
        first_response_at
    from {{ ref('int_tickets__classified') }}
    where in_p3 and in_p5 and coalesce(last_solved_at, closed_at) is not null

),

messages as (

    select *
    from {{ ref('int_messages__read') }}

),

limits as (

    select
        {{ kpi_parameter('auto_qa_score', 'smallest_words') }} as smallest_words,
        {{ kpi_parameter('negative_emotion_rate', 'threshold') }} as upset_below

),

response_limits as (

    select
        channels.channel,
        coalesce(
            max(thresholds.seconds) filter (where thresholds.channel = channels.channel),
            max(thresholds.seconds) filter (where thresholds.channel = '*')
        ) as response_seconds
    from {{ ref('channels') }} as channels
    inner join {{ ref('kpi_thresholds') }} as thresholds
        on thresholds.channel in (channels.channel, '*')
    where thresholds.kpi_id = 'response_in_time_rate'
    group by channels.channel

),

sides as (

    select
        messages.ticket_key,
        count(*) filter (where messages.is_customer_message) as customer_message_count,
        count(*) filter (where messages.is_human_reply) as reply_count,
        cast(sum(messages.word_count) as bigint) as word_count,
        min(messages.message_no) filter (where messages.is_human_reply) as first_reply_no,
        max(messages.message_no) filter (where messages.is_human_reply) as last_reply_no,
        min(messages.message_no) filter (
            where messages.is_customer_message and messages.sentiment_score < limits.upset_below
        ) as upset_no
    from messages
    cross join limits
    group by messages.ticket_key

),

-- Whoever wrote most of the replies is judged; of equals, whoever wrote first.
reviewees as (

    select
        ticket_key,
        coalesce(author_id, 'unknown') as agent_id,
        mode(language order by language) as language,
        min(message_no) as own_first_no,
        max(message_no) as own_last_no
    from messages
    where is_human_reply
    group by ticket_key, coalesce(author_id, 'unknown')
    qualify row_number() over (
        partition by ticket_key order by count(*) desc, min(message_no)
    ) = 1

),

-- Every joined model has at most one row a ticket, the limits one a channel.
joined as (

    select
        tickets.ticket_key,
        coalesce(reviewees.agent_id, 'unknown') as agent_id,
        reviewees.language,
        coalesce(sides.customer_message_count, 0) as customer_message_count,
        coalesce(sides.reply_count, 0) as reply_count,
        coalesce(sides.word_count, 0) as word_count,
        limits.smallest_words,
        reviewees.own_first_no,
        reviewees.own_last_no,
        sides.upset_no,
        coalesce(reviewees.own_first_no = sides.first_reply_no, false) as is_opening,
        coalesce(reviewees.own_last_no = sides.last_reply_no, false) as is_closing,
        coalesce(reviewees.own_last_no > sides.upset_no, false) as is_upset,
        coalesce(
            tickets.first_response_at
            > {{ plus_seconds('tickets.response_started_at', 'response_limits.response_seconds') }},
            false
        ) as is_late
    from tickets
    cross join limits
    left join sides on sides.ticket_key = tickets.ticket_key
    left join reviewees on reviewees.ticket_key = tickets.ticket_key
    left join response_limits on response_limits.channel = tickets.channel

)

select
    ticket_key,
    agent_id,
    language,
    customer_message_count,
    reply_count,
    word_count,
    own_first_no,
    own_last_no,
    upset_no,
    is_opening,
    is_closing,
    is_upset,
    is_opening and is_late as is_delay,
    case
        when customer_message_count + reply_count = 0 then 'no_text'
        when customer_message_count = 0 then 'no_customer_message'
        when reply_count = 0 then 'no_reply'
        when word_count < smallest_words then 'too_short'
    end as unreviewed_reason
from joined
