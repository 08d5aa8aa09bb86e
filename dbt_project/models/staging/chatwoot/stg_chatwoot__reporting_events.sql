with

source as (

    {{ newest_versions(source('chatwoot', 'reporting_events'), ['id'], [
        'id',
        'name',
        'value',
        'value_in_business_hours',
        'conversation_id',
        'user_id',
        'event_end_time',
        'created_at',
    ]) }}

),

conversations as (

    select account_id, conversation_id, ticket_id
    from {{ ref('stg_chatwoot__conversation_numbers') }}

)

-- One row a conversation: an event stays one row.
select
    'chatwoot' as source_system,
    source._account_id as account_id,
    source.id as event_id,
    conversations.ticket_id,
    source.name,
    source.user_id as agent_id,
    cast(round(cast(source.value as double)) as bigint) as calendar_seconds,
    cast(round(cast(source.value_in_business_hours as double)) as bigint) as business_seconds,
    coalesce(
        {{ utc_timestamp('source.event_end_time') }}, {{ utc_timestamp('source.created_at') }}
    ) as event_at
from source
inner join conversations
    on
        conversations.account_id = source._account_id
        and conversations.conversation_id = source.conversation_id
