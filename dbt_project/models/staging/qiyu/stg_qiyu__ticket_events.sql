{{ session_events('qiyu', ref('stg_qiyu__sessions'), [
    ['team', 'team_id', 'true'],
    ['assignee', 'agent_id', 'not is_bot_session'],
]) }}
