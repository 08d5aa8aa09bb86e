with

source as (

    {{ newest_versions(source('zammad', 'groups'), ['id'], [
        'id',
        'name',
        'active',
        'created_at',
    ]) }}

)

select
    'zammad' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name,
    coalesce(active, 'true') = 'false' as is_deleted,
    {{ utc_timestamp('created_at') }} as created_at
from source
