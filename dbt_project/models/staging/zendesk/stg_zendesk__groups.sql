with

source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        name,
        deleted,
        created_at
    from {{ source('zendesk', 'groups') }}
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name,
    coalesce(deleted, 'false') = 'true' as is_deleted,
    {{ utc_timestamp('created_at') }} as created_at
from source
