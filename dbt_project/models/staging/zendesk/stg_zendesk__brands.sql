with

source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        name,
        active,
        created_at
    from {{ source('zendesk', 'brands') }}
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as brand_id,
    name as brand_name,
    coalesce(active, 'true') = 'false' as is_inactive,
    {{ utc_timestamp('created_at') }} as created_at
from source
