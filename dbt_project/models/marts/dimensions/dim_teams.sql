with

teams as (

    select
        source_system,
        account_id,
        team_key,
        team_id,
        team_name,
        is_active
    from {{ ref('int_teams__unioned') }}

),

-- Tickets keep the id of a team that no export lists any more.
unlisted as (

    select distinct
        tickets.source_system,
        tickets.account_id,
        {{ hash_key(['tickets.source_system', 'tickets.account_id', 'tickets.team_id']) }}
            as team_key,
        tickets.team_id,
        'unknown' as team_name,
        false as is_active
    from {{ ref('int_tickets__effective') }} as tickets
    anti join teams
        on
            teams.source_system = tickets.source_system
            and teams.account_id = tickets.account_id
            and teams.team_id = tickets.team_id
    where tickets.team_id != 'unknown'

),

unknown as (

    select
        source_system,
        account_id,
        {{ hash_key(['source_system', 'account_id', "'unknown'"]) }} as team_key,
        'unknown' as team_id,
        'unknown' as team_name,
        false as is_active
    from {{ ref('int_accounts__as_of') }}

),

members as (

    select *
    from teams

    union all

    select *
    from unlisted

    union all

    select *
    from unknown

)

select
    team_key,
    team_id,
    source_system,
    account_id,
    team_name,
    is_active
from members
order by source_system, account_id, team_id
