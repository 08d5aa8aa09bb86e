with

-- A roster knows teams by name alone.
roster_teams as (

    select
        source_system,
        account_id,
        team_name as team_id,
        team_name,
        max(valid_to) < date '9999-12-31' as is_deleted,
        cast(min(valid_from) as timestamp) as created_at
    from {{ ref('int_roster__versioned') }}
    group by source_system, account_id, team_name

),

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

    union all by name

    select *
    from roster_teams

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
