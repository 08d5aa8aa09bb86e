{{ config(materialized='view') }}

-- What a helpdesk may have taken for the first reply, and counted as replies.
select
    ticket_key,
    min(sent_at) filter (where author_type = 'agent' and not is_public) as first_note_at,
    min(sent_at) filter (where author_type = 'bot' and is_public) as first_bot_message_at,
    count(*) filter (where author_type = 'agent' and not is_public) as note_count,
    count(*) filter (where author_type = 'bot' and is_public) as bot_message_count
from {{ ref('int_messages__attributed') }}
group by ticket_key
