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

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'zendesk'

),

-- At most one alias row per raw value (tested on the seed), so the join keeps one row a comment.
canonical as (

    select
        'zendesk' as source_system,
        source._account_id as account_id,
        source.id as message_id,
        source.ticket_id,
        source.author_id,
        channel_aliases.channel,
        coalesce(source.plain_body, source.body) as body,
        coalesce(source.public, 'true') = 'true' as is_public,
        -- A merge and a business rule write comments in the name of a person.
        coalesce(
            {{ json_text('source.via', '$.source.rel') }} = 'merge'
            or {{ json_text('source.via', '$.channel') }} in ('rule', 'automation', 'system'),
            false
        ) as is_automated,
        {{ utc_timestamp('source.created_at') }} as sent_at,
        {{ utc_timestamp('source._version_at') }} as version_at
    from source
    left join channel_aliases
        on channel_aliases.raw_value = lower({{ json_text('source.via', '$.channel') }})

)

select *
from canonical
