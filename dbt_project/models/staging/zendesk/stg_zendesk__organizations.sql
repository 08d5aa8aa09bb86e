with

source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        name,
        deleted_at,
        created_at
    from {{ source('zendesk', 'organizations') }}
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as organization_id,
    name as organization_name,
    deleted_at is not null as is_deleted,
    {{ utc_timestamp('created_at') }} as created_at
from source
