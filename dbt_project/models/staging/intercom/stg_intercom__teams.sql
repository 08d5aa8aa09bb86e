with

source as (

    {{ newest_versions(source('intercom', 'teams'), ['id'], ['id', 'name']) }}

)

select
    'intercom' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name
from source
