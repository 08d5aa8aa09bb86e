{{ session_events('udesk', ref('stg_udesk__sessions'), [
    ['assignee', 'agent_id', 'true'],
]) }}
