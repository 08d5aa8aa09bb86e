select
    source_system,
    account_id,
    agent_id,
    max_by(agent_name, started_at) as agent_name,
    'agent' as role,
    true as is_active
from {{ ref('stg_udesk__sessions') }}
where agent_id is not null
group by source_system, account_id, agent_id
