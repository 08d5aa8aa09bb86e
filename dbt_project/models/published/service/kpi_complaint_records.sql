with

complaints as (

    select *
    from {{ ref('fct_complaints') }}

),

tickets as (

    select ticket_key, ticket_id, ticket_url
    from {{ ref('fct_tickets') }}

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('dim_accounts') }}

),

-- One account a complaint, at most one ticket.
aged as (

    select
        complaints.*,
        tickets.ticket_id,
        tickets.ticket_url,
        case when complaints.is_solved then 'solved' else 'open' end as status,
        {{ seconds_between('complaints.received_at', 'accounts.as_of_at') }} as age_seconds
    from complaints
    inner join accounts
        on
            accounts.source_system = complaints.source_system
            and accounts.account_id = complaints.account_id
    left join tickets on tickets.ticket_key = complaints.ticket_key

)

select
    complaint_key,
    complaint_id,
    source_system,
    account_id,
    ticket_id,
    ticket_url,
    shop,
    channel,
    team_name,
    kind,
    cause,
    status,
    -- Open ones from the oldest on, then solved ones from the newest on.
    cast(
        row_number() over (
            order by
                is_solved,
                case when is_solved then age_seconds else -age_seconds end,
                complaint_key
        ) as integer
    ) as position,
    age_seconds,
    handling_seconds,
    received_date as local_date,
    received_at,
    {{ build_id() }} as build_id
from aged
order by position
