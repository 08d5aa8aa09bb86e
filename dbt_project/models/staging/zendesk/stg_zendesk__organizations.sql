with

source as (

    {{ newest_versions(source('zendesk', 'organizations'), ['id'], [
        'id',
        'name',
        'deleted_at',
        'created_at',
    ]) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as organization_id,
    name as organization_name,
    deleted_at is not null as is_deleted,
    {{ utc_timestamp('created_at') }} as created_at
from source
