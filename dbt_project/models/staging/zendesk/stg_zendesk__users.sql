with

source as (

    {{ newest_versions(source('zendesk', 'users'), ['id'], [
        'id',
        'external_id',
        'name',
        'role',
        'default_group_id',
        'organization_id',
        'active',
        'suspended',
        'created_at',
    ]) }}

),

-- The role is today's: whoever was staff in any landed version keeps counting as staff, so that
-- past replies don't move to the customer's side when an agent leaves.
staff as (

    select distinct _account_id, id
    from {{ source('zendesk', 'users') }}
    where role in ('agent', 'admin')

)

select
    'zendesk' as source_system,
    source._account_id as account_id,
    source.id as user_id,
    case when staff.id is null then source.external_id end as identity_hash,
    source.organization_id,
    source.default_group_id as team_id,
    source.role,
    case when staff.id is not null then source.name end as staff_name,
    staff.id is not null as is_staff,
    coalesce(source.active, 'true') = 'true' and coalesce(source.suspended, 'false') = 'false'
        as is_active,
    {{ utc_timestamp('source.created_at') }} as created_at
from source
left join staff
    on
        staff._account_id = source._account_id
        and staff.id = source.id
