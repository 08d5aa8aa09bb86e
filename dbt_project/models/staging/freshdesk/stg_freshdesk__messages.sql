with

conversations as (

    {{ newest_versions(source('freshdesk', 'conversations'), ['id'], [
        'id',
        'ticket_id',
        'user_id',
        'body_text',
        'incoming',
        'private',
        'created_at',
    ]) }}

),

tickets as (

    {{ newest_versions(source('freshdesk', 'tickets'), ['id'], [
        'id',
        'requester_id',
        'responder_id',
        'source',
        'description_text',
        'created_at',
    ]) }}

),

-- What opened a ticket stands in the ticket itself. Without any conversation of the account its
-- answers are missing too, and a lone question would seem unanswered.
openings as (

    select
        tickets._account_id,
        tickets._version_at,
        'ticket-' || tickets.id as id,
        tickets.id as ticket_id,
        case when tickets.source = '10' then tickets.responder_id else tickets.requester_id end
            as user_id,
        tickets.description_text as body_text,
        case when tickets.source = '10' then 'false' else 'true' end as incoming,
        'false' as private,
        tickets.created_at
    from tickets
    where tickets._account_id in (select conversations._account_id from conversations)

),

messages as (

    select *
    from conversations

    union all by name

    select *
    from openings

)

select
    'freshdesk' as source_system,
    _account_id as account_id,
    id as message_id,
    ticket_id,
    user_id as author_id,
    case when incoming = 'true' then 'customer' else 'agent' end as stated_author_type,
    body_text as body,
    coalesce(private, 'false') = 'false' as is_public,
    false as is_automated,
    {{ utc_timestamp('created_at') }} as sent_at,
    {{ utc_timestamp('_version_at') }} as version_at
from messages
