with

parts as (

    {{ newest_versions(source('intercom', 'conversation_parts'), ['id'], [
        'id',
        'conversation_id',
        'part_type',
        'body',
        'author',
        'created_at',
    ], where="part_type in ('comment', 'note', 'open', 'close')") }}

),

conversations as (

    {{ newest_versions(source('intercom', 'conversations'), ['id'], [
        'id',
        'source',
        'created_at',
    ]) }}

),

-- The opening message stands in the conversation. Without any part of the account the answers are
-- missing too, and a lone question would seem unanswered.
openings as (

    select
        conversations._account_id,
        conversations._version_at,
        'conversation-' || conversations.id as id,
        conversations.id as conversation_id,
        coalesce({{ json_text('conversations.source', '$.delivered_as') }}, '') as part_type,
        {{ json_text('conversations.source', '$.body') }} as body,
        cast(json_extract(conversations.source, '$.author') as text) as author,
        conversations.created_at
    from conversations
    where
        conversations._account_id in (
            select landed._account_id
            from {{ source('intercom', 'conversation_parts') }} as landed
        )

),

messages as (

    -- Who closes or reopens may write at the same time.
    select *
    from parts
    where part_type in ('comment', 'note') or body is not null

    union all by name

    select *
    from openings

)

select
    'intercom' as source_system,
    _account_id as account_id,
    id as message_id,
    conversation_id as ticket_id,
    {{ json_text('author', '$.id') }} as author_id,
    case {{ json_text('author', '$.type') }}
        when 'admin' then 'agent'
        when 'team' then 'agent'
        when 'bot' then 'bot'
        else 'customer'
    end as stated_author_type,
    body,
    part_type != 'note' as is_public,
    -- A campaign writes in the name of a teammate.
    part_type in ('automated', 'campaigns_initiated', 'operator_initiated') as is_automated,
    {{ utc_timestamp('created_at') }} as sent_at,
    {{ utc_timestamp('_version_at') }} as version_at
from messages
