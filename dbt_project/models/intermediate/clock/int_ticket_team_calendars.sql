with

assignments as (

    select source_system, account_id, team_id, calendar_id, valid_from, valid_to
    from {{ ref('stg_calendars__team_calendars') }}

),

accounts as (

    select distinct source_system, account_id, valid_from
    from assignments

),

tickets as (

    select source_system, account_id, ticket_key
    from {{ ref('int_tickets__unioned') }}

),

stays as (

    select
        ticket_key,
        value as team_id,
        case when interval_no = 1 then timestamp '0001-01-01' else started_at end as from_at,
        coalesce(ended_at, timestamp '9999-12-31') as to_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'team'

),

-- The calendar of a ticket can change when its team does and when an assignment takes over.
moments as (

    select tickets.ticket_key, accounts.valid_from as from_at
    from tickets
    inner join accounts
        on
            accounts.source_system = tickets.source_system
            and accounts.account_id = tickets.account_id

    union distinct

    select stays.ticket_key, stays.from_at
    from stays
    inner join tickets on tickets.ticket_key = stays.ticket_key
    where
        exists (
            select 1
            from accounts
            where
                accounts.source_system = tickets.source_system
                and accounts.account_id = tickets.account_id
        )

),

-- One team at a moment, and one assignment in force for it and one for all teams (stays and
-- assignments follow each other without overlap), so no join multiplies moments.
found as (

    select
        moments.ticket_key,
        moments.from_at,
        coalesce(of_team.calendar_id, of_all.calendar_id) as calendar_id
    from moments
    inner join tickets on tickets.ticket_key = moments.ticket_key
    left join stays
        on
            stays.ticket_key = moments.ticket_key
            and stays.from_at <= moments.from_at
            and stays.to_at > moments.from_at
    left join assignments as of_team
        on
            of_team.source_system = tickets.source_system
            and of_team.account_id = tickets.account_id
            and of_team.team_id = stays.team_id
            and of_team.valid_from <= moments.from_at
            and of_team.valid_to > moments.from_at
    left join assignments as of_all
        on
            of_all.source_system = tickets.source_system
            and of_all.account_id = tickets.account_id
            and of_all.team_id = '*'
            and of_all.valid_from <= moments.from_at
            and of_all.valid_to > moments.from_at

)

select
    ticket_key,
    from_at,
    calendar_id
from found
