with

-- A source gives the columns that it knows; the others are null.
unioned as (

    select *
    from {{ ref('stg_zendesk__groups') }}

    union all by name

    select *
    from {{ ref('stg_freshdesk__groups') }}

    union all by name

    select *
    from {{ ref('stg_intercom__teams') }}

    union all by name

    select *
    from {{ ref('stg_chatwoot__teams') }}

    union all by name

    select *
    from {{ ref('stg_zammad__groups') }}

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'team_id']) }} as team_key,
    team_id,
    team_name,
    not coalesce(is_deleted, false) as is_active,
    created_at
from unioned
