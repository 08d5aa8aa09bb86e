with

source as (

    {{ newest_versions(source('freshdesk', 'groups'), ['id'], [
        'id',
        'name',
        'business_hour_id',
        'created_at',
    ]) }}

)

select
    'freshdesk' as source_system,
    _account_id as account_id,
    id as team_id,
    name as team_name,
    business_hour_id as calendar_id,
    {{ utc_timestamp('created_at') }} as created_at
from source
