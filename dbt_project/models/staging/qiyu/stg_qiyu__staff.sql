select
    source_system,
    account_id,
    agent_id,
    max_by(agent_name, started_at) as agent_name,
    max_by(team_id, started_at) as team_id,
    'agent' as role,
    true as is_active
from {{ ref('stg_qiyu__sessions') }}
where agent_id is not null and not is_bot_session
group by source_system, account_id, agent_id
