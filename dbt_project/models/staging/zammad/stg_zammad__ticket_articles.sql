with

source as (

    {{ newest_versions(source('zammad', 'ticket_articles'), ['id'], [
        'id',
        'ticket_id',
        'type',
        'sender',
        'sender_id',
        'internal',
        'body',
        'origin_by_id',
        'created_by_id',
        'created_at',
    ]) }}

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zammad'

)

-- One alias row per raw value (tested on the seed): an article stays one row. An agent may write
-- down what a customer said; then origin_by_id is the customer.
select
    'zammad' as source_system,
    source._account_id as account_id,
    source.id as message_id,
    source.ticket_id,
    coalesce(source.origin_by_id, source.created_by_id) as author_id,
    case lower(coalesce(source.sender, source.sender_id))
        when 'customer' then 'customer'
        when '2' then 'customer'
        when 'agent' then 'agent'
        when '1' then 'agent'
        else 'bot'
    end as stated_author_type,
    channel_aliases.channel,
    source.body,
    coalesce(source.internal, 'false') = 'false' as is_public,
    false as is_automated,
    {{ utc_timestamp('source.created_at') }} as sent_at,
    {{ utc_timestamp('source._version_at') }} as version_at
from source
left join channel_aliases on channel_aliases.raw_value = lower(source.type)
