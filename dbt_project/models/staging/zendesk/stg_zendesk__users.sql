with

-- The role is today's: whoever was staff in any landed version keeps counting as staff, so that
-- past replies don't move to the customer's side when an agent leaves.
source as (

    select
        _account_id,
        _version_at,
        _row_hash,
        id,
        name,
        role,
        default_group_id,
        organization_id,
        active,
        suspended,
        created_at,
        bool_or(role in ('agent', 'admin')) over (partition by _account_id, id) as is_staff
    from {{ source('zendesk', 'users') }}
    {{ newest_version(['id']) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as user_id,
    organization_id,
    default_group_id as team_id,
    role,
    case when is_staff then name end as staff_name,
    is_staff,
    coalesce(active, 'true') = 'true' and coalesce(suspended, 'false') = 'false' as is_active,
    {{ utc_timestamp('created_at') }} as created_at
from source
