with

source as (

    {{ newest_versions(source('mentions', 'posts'), ['platform', 'post_id'], [
        'platform',
        'post_id',
        'author_id',
        'sentiment',
        'topic',
        'text',
        'likes',
        'replies',
        'shares',
        'posted_at',
    ]) }}

)

select
    'mentions' as source_system,
    _account_id as account_id,
    lower(platform) as platform,
    post_id,
    author_id,
    topic,
    case
        when lower(sentiment) in ('positive', '正面', '1') then 'positive'
        when lower(sentiment) in ('negative', '负面', '-1') then 'negative'
        when lower(sentiment) in ('neutral', '中性', '0') then 'neutral'
    end as sentiment,
    length(trim(text)) as text_length,
    cast(likes as bigint) as like_count,
    cast(replies as bigint) as reply_count,
    cast(shares as bigint) as share_count,
    {{ utc_timestamp('posted_at') }} as posted_at
from source
