with

messages as (

    select *
    from {{ ref('int_messages__attributed') }}
    where is_customer_message or is_human_reply

),

-- One text a message.
spoken as (

    select messages.*, texts.body
    from messages
    inner join {{ ref('int_message_texts__unioned') }} as texts
        on
            texts.source_system = messages.source_system
            and texts.account_id = messages.account_id
            and texts.message_id = messages.message_id

),

-- The same words are read once.
bodies as (

    select
        body,
        bool_or(is_customer_message) as is_by_customer,
        bool_or(is_human_reply) as is_by_agent,
        {{ searchable_text('body') }} as words,
        len(regexp_extract_all(body, '\p{Han}')) as han_count,
        len(regexp_extract_all(body, '[\p{Latin}\p{N}]+')) as word_count
    from spoken
    group by body

),

phrases as (

    {{ searched_phrases(ref('phrase_rules'), ['rule_id', 'language']) }}

),

found as (

    select bodies.body, list(distinct phrases.rule_id order by phrases.rule_id) as rule_ids
    from bodies
    inner join phrases on contains(bodies.words, phrases.phrase)
    where bodies.is_by_agent
    group by bodies.body

),

-- Two Chinese characters make about a word.
read as (

    select
        bodies.body,
        case
            when bodies.han_count >= bodies.word_count and bodies.han_count > 0 then 'zh'
            else 'en'
        end as language,
        cast(bodies.word_count + ceil(bodies.han_count / 2.0) as integer) as word_count,
        case when bodies.is_by_customer then text_sentiment(bodies.body) end as sentiment_score,
        coalesce(found.rule_ids, []) as phrase_rule_ids
    from bodies
    left join found on found.body = bodies.body

)

-- The words stay behind; each text was read once.
select
    spoken.source_system,
    spoken.account_id,
    spoken.ticket_key,
    spoken.message_id,
    spoken.message_no,
    spoken.author_id,
    spoken.is_customer_message,
    spoken.is_human_reply,
    read.language,
    read.word_count,
    case when spoken.is_customer_message then read.sentiment_score end as sentiment_score,
    case when spoken.is_human_reply then read.phrase_rule_ids else [] end as phrase_rule_ids,
    text_model_version() as model_version,
    spoken.sent_at
from spoken
inner join read on read.body = spoken.body
