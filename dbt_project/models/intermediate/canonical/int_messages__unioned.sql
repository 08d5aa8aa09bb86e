with

zendesk as (

    select
        source_system,
        account_id,
        message_id,
        ticket_id,
        author_id,
        cast(null as text) as stated_author_type,
        channel,
        body,
        is_public,
        is_automated,
        sent_at,
        version_at
    from {{ ref('stg_zendesk__comments') }}

),

unioned as (

    select *
    from zendesk

    union all by name

    select *
    from {{ ref('stg_freshdesk__messages') }}

    union all by name

    select *
    from {{ ref('stg_intercom__messages') }}

    union all by name

    select *
    from {{ ref('stg_chatwoot__messages') }}

    union all by name

    select *
    from {{ ref('stg_zammad__ticket_articles') }}

),

courtesy_phrases as (

    select phrase
    from {{ ref('courtesy_phrases') }}

),

-- The text stops here: later models know its length and whether it asks for an answer.
measured as (

    select
        source_system,
        account_id,
        message_id,
        ticket_id,
        author_id,
        stated_author_type,
        channel,
        is_public,
        is_automated,
        length(trim(body)) as body_length,
        case
            when length(body) <= 40
                then trim(regexp_replace(lower(body), '[^\p{L}\p{N}]+', ' ', 'g'))
        end as short_text,
        sent_at,
        version_at
    from unioned

)

-- phrase is unique (tested on the seed), so the join keeps one row a message.
select
    measured.source_system,
    measured.account_id,
    {{ hash_key(['measured.source_system', 'measured.account_id', 'measured.ticket_id']) }}
        as ticket_key,
    measured.message_id,
    measured.ticket_id,
    measured.author_id,
    measured.stated_author_type,
    measured.channel,
    measured.body_length,
    measured.is_public,
    measured.is_automated,
    -- An export without texts can't be told apart: every message then asks for an answer.
    coalesce(measured.body_length, 1) > 0 and courtesy_phrases.phrase is null as needs_answer,
    measured.sent_at,
    measured.version_at
from measured
left join courtesy_phrases on courtesy_phrases.phrase = measured.short_text
