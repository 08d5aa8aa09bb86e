with

tickets as (

    select *
    from {{ ref('int_tickets__unioned') }}

),

mergers as (

    select ticket_key, merged_into_key, merged_into_id
    from {{ ref('int_ticket_merges__resolved') }}

),

-- The ticket that stays takes over the earliest creation among those merged into it.
inherited as (

    select
        mergers.merged_into_key as ticket_key,
        min(tickets.created_at) as earliest_source_at,
        count(*) as merged_source_count
    from mergers
    inner join tickets on tickets.ticket_key = mergers.ticket_key
    group by mergers.merged_into_key

),

excluded_tags as (

    select tag, reason
    from {{ ref('excluded_tags') }}

),

tagged as (

    select tickets.ticket_key, min(excluded_tags.reason) as reason
    from (select ticket_key, unnest(tags) as tag from tickets) as tickets
    inner join excluded_tags on excluded_tags.tag = tickets.tag
    group by tickets.ticket_key

),

teams as (

    select source_system, account_id, team_id, team_name
    from {{ ref('int_teams__unioned') }}

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('int_accounts__as_of') }}

)

-- Every joined table has at most one row a ticket (its own key, its team, its account).
select
    tickets.source_system,
    tickets.account_id,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.shop,
    tickets.channel,
    tickets.priority,
    tickets.type,
    tickets.status,
    coalesce(tickets.team_id, 'unknown') as team_id,
    coalesce(teams.team_name, 'unknown') as team_name,
    tickets.customer_id,
    {{ hash_key([
        'tickets.source_system',
        'tickets.account_id',
        "coalesce(tickets.customer_id, 'unknown')",
    ]) }} as customer_key,
    tickets.submitter_id,
    tickets.assignee_id,
    mergers.merged_into_id,
    coalesce(inherited.merged_source_count, 0) as merged_source_count,
    case
        when tickets.status = 'deleted' then 'deleted'
        when tagged.reason is not null then tagged.reason
        when tickets.is_marked_merged or mergers.ticket_key is not null then 'merged'
    end as exclusion_reason,
    tickets.status = 'deleted' as is_deleted,
    tickets.is_marked_merged or mergers.ticket_key is not null as is_merged,
    least(tickets.created_at, coalesce(inherited.earliest_source_at, tickets.created_at))
        as created_at,
    tickets.created_at as own_created_at,
    tickets.updated_at,
    tickets.is_history_complete,
    tickets.is_first_solve_known,
    tickets.has_messages,
    tickets.is_response_stated,
    tickets.is_outbound,
    tickets.is_bot_session,
    tickets.vendor_reopen_count,
    tickets.stated_first_response_at,
    tickets.vendor_solved_at,
    accounts.as_of_at
from tickets
inner join accounts
    on
        accounts.source_system = tickets.source_system
        and accounts.account_id = tickets.account_id
left join mergers on mergers.ticket_key = tickets.ticket_key
left join inherited on inherited.ticket_key = tickets.ticket_key
left join tagged on tagged.ticket_key = tickets.ticket_key
left join teams
    on
        teams.source_system = tickets.source_system
        and teams.account_id = tickets.account_id
        and teams.team_id = tickets.team_id
