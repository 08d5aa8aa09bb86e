with

source as (

    {{ newest_versions(source('zendesk', 'groups'), ['id'], [
        'id',
        'name',
        'deleted',
        'created_at',
    ]) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name,
    coalesce(deleted, 'false') = 'true' as is_deleted,
    {{ utc_timestamp('created_at') }} as created_at
from source
