with

source as (

    {{ newest_versions(source('chatwoot', 'conversations'), ['id'], ['id', 'display_id']) }}

)

select
    _account_id as account_id,
    id as conversation_id,
    coalesce(display_id, id) as ticket_id
from source
