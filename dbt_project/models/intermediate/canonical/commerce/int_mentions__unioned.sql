{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'platform', 'post_id']) }} as mention_key,
    platform,
    post_id,
    author_id,
    topic,
    sentiment,
    text_length,
    like_count,
    reply_count,
    share_count,
    posted_at
from {{ ref('stg_mentions__posts') }}
