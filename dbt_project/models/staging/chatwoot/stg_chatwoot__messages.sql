with

source as (

    {{ newest_versions(source('chatwoot', 'messages'), ['id'], [
        'id',
        'conversation_id',
        'message_type',
        'content',
        'private',
        'sender_type',
        'sender_id',
        'sender',
        'created_at',
    ], where="lower(message_type) not in ('2', 'activity')") }}

),

conversations as (

    select account_id, conversation_id, ticket_id
    from {{ ref('stg_chatwoot__conversation_numbers') }}

),

-- One row a conversation: a message stays one row.
typed as (

    select
        source.*,
        conversations.ticket_id,
        lower(source.message_type) in ('0', 'incoming') as is_incoming,
        lower(coalesce(source.sender_type, {{ json_text('source.sender', '$.type') }}))
            as sender_kind
    from source
    inner join conversations
        on
            conversations.account_id = source._account_id
            and conversations.conversation_id = source.conversation_id

)

-- What no person sent, an outgoing message without a user and a template, is a bot's.
select
    'chatwoot' as source_system,
    _account_id as account_id,
    id as message_id,
    ticket_id,
    coalesce(sender_id, {{ json_text('sender', '$.id') }}) as author_id,
    case
        when is_incoming then 'customer'
        when sender_kind = 'user' and lower(message_type) not in ('3', 'template') then 'agent'
        else 'bot'
    end as stated_author_type,
    content as body,
    coalesce(private, 'false') = 'false' as is_public,
    false as is_automated,
    {{ utc_timestamp('created_at') }} as sent_at,
    {{ utc_timestamp('_version_at') }} as version_at
from typed
