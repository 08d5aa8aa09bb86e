select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'from_ticket_id']) }} as from_ticket_key,
    {{ hash_key(['source_system', 'account_id', 'to_ticket_id']) }} as to_ticket_key,
    link_type,
    from_ticket_id,
    to_ticket_id,
    linked_at
from {{ ref('stg_zendesk__ticket_links') }}
