with

source as (

    {{ newest_versions(source('chatwoot', 'agents'), ['id'], ['id', 'name', 'role', 'confirmed']) }}

)

select
    'chatwoot' as source_system,
    _account_id as account_id,
    id as agent_id,
    name as agent_name,
    coalesce(role, 'agent') as role,
    coalesce(confirmed, 'true') = 'true' as is_active
from source
