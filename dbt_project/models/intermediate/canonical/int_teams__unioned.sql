select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'team_id']) }} as team_key,
    team_id,
    team_name,
    not is_deleted as is_active,
    created_at
from {{ ref('stg_zendesk__groups') }}
