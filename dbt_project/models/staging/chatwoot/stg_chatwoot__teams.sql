with

source as (

    {{ newest_versions(source('chatwoot', 'teams'), ['id'], ['id', 'name']) }}

)

select
    'chatwoot' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name
from source
