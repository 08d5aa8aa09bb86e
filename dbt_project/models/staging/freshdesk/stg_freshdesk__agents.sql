with

source as (

    {{ newest_versions(source('freshdesk', 'agents'), ['id'], [
        'id',
        'type',
        'group_ids',
        'contact',
    ]) }}

)

select
    'freshdesk' as source_system,
    _account_id as account_id,
    id as agent_id,
    {{ json_text('contact', '$.name') }} as agent_name,
    {{ json_text('group_ids', '$[0]') }} as team_id,
    coalesce(type, 'agent') as role,
    coalesce({{ json_text('contact', '$.active') }}, 'true') = 'true' as is_active
from source
