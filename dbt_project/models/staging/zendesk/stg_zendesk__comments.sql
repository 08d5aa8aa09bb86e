with

source as (

    {{ newest_versions(source('zendesk', 'comments'), ['id'], [
        'id',
        'ticket_id',
        'author_id',
        'public',
        'body',
        'plain_body',
        'via',
        'created_at',
    ]) }}

),

origins as (

    select
        *,
        {{ json_texts('via', ['$.channel', '$.source.rel']) }} as via_parts
    from source

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zendesk'

),

-- At most one alias row per raw value (tested on the seed), so the join keeps one row a comment.
canonical as (

    select
        'zendesk' as source_system,
        origins._account_id as account_id,
        origins.id as message_id,
        origins.ticket_id,
        origins.author_id,
        channel_aliases.channel,
        coalesce(origins.plain_body, origins.body) as body,
        coalesce(origins.public, 'true') = 'true' as is_public,
        -- A merge and a business rule write comments in the name of a person.
        coalesce(
            origins.via_parts[2] = 'merge'
            or origins.via_parts[1] in ('rule', 'automation', 'system'),
            false
        ) as is_automated,
        {{ utc_timestamp('origins.created_at') }} as sent_at,
        {{ utc_timestamp('origins._version_at') }} as version_at
    from origins
    left join channel_aliases
        on channel_aliases.raw_value = lower(origins.via_parts[1])

)

select *
from canonical
