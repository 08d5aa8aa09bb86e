with

source as (

    {{ newest_versions(source('zendesk', 'brands'), ['id'], [
        'id',
        'name',
        'active',
        'created_at',
    ]) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as brand_id,
    name as brand_name,
    coalesce(active, 'true') = 'false' as is_inactive,
    {{ utc_timestamp('created_at') }} as created_at
from source
