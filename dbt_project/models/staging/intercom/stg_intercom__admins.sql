with

source as (

    {{ newest_versions(source('intercom', 'admins'), ['id'], ['id', 'name', 'team_ids']) }}

)

select
    'intercom' as source_system,
    _account_id as account_id,
    id as agent_id,
    name as agent_name,
    {{ json_text('team_ids', '$[0]') }} as team_id,
    'agent' as role,
    true as is_active
from source
