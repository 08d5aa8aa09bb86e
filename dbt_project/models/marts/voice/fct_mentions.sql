with

mentions as (

    select *
    from {{ ref('int_mentions__unioned') }}
    where posted_at is not null

),

topics as (

    select topic, is_service_linked
    from {{ ref('review_topics') }}

)

-- One row a topic.
select
    mentions.mention_key,
    mentions.post_id,
    mentions.source_system,
    mentions.account_id,
    mentions.account_id as shop,
    coalesce(mentions.platform, 'unknown') as platform,
    coalesce(mentions.topic, 'unknown') as topic,
    mentions.sentiment,
    mentions.like_count,
    mentions.reply_count,
    mentions.share_count,
    coalesce(mentions.sentiment = 'negative', false) as is_negative,
    coalesce(topics.is_service_linked, false) as is_service_linked,
    {{ local_date('mentions.posted_at') }} as posted_date,
    mentions.posted_at
from mentions
left join topics on topics.topic = lower(mentions.topic)
order by mentions.posted_at, mentions.mention_key
