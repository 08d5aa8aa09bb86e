with

messages as (

    select source_system, account_id, ticket_key, message_id, message_no, channel, sent_at
    from {{ ref('int_messages__attributed') }}
    where is_customer_message

),

read as (

    select ticket_key, message_no, language, sentiment_score, model_version
    from {{ ref('int_messages__read') }}
    where is_customer_message

),

tickets as (

    select
        ticket_key,
        ticket_id,
        ticket_url,
        shop,
        team_name,
        priority,
        topic,
        exclusion_reason,
        in_p2
    from {{ ref('fct_tickets') }}

)

-- A message belongs to one ticket and was read once at most.
select
    {{ hash_key(['messages.source_system', 'messages.account_id', 'messages.message_id']) }}
        as message_key,
    messages.ticket_key,
    tickets.ticket_id,
    messages.source_system,
    messages.account_id,
    tickets.ticket_url,
    tickets.shop,
    messages.channel,
    tickets.team_name,
    tickets.priority,
    tickets.topic,
    tickets.exclusion_reason,
    messages.message_no,
    read.language,
    read.sentiment_score,
    case when read.sentiment_score is not null then read.model_version end as model_version,
    tickets.in_p2,
    read.ticket_key is not null as has_text,
    read.sentiment_score is not null as is_scored,
    {{ local_date('messages.sent_at') }} as sent_date,
    messages.sent_at
from messages
inner join tickets on tickets.ticket_key = messages.ticket_key
left join read
    on
        read.ticket_key = messages.ticket_key
        and read.message_no = messages.message_no
order by messages.sent_at, messages.ticket_key, messages.message_no
