with

open_tickets as (

    select *
    from {{ ref('fct_tickets') }}
    where in_p2 and not in_p5

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('dim_accounts') }}

),

age_buckets as (

    select age_bucket_no, age_bucket, from_days, to_days
    from {{ ref('age_buckets') }}

),

-- One row an account, so the join keeps one row a ticket.
aged as (

    select
        open_tickets.*,
        accounts.as_of_at,
        {{ seconds_between('open_tickets.created_at', 'accounts.as_of_at') }} as age_seconds,
        {{ seconds_between(
            'coalesce(open_tickets.last_public_message_at, open_tickets.created_at)',
            'accounts.as_of_at',
        ) }} as quiet_seconds
    from open_tickets
    inner join accounts
        on
            accounts.source_system = open_tickets.source_system
            and accounts.account_id = open_tickets.account_id

)

-- Buckets do not overlap (tested on the seed), so each ticket falls into one.
select
    aged.ticket_key,
    aged.source_system,
    aged.account_id,
    aged.ticket_id,
    aged.ticket_url,
    aged.shop,
    aged.channel,
    aged.team_name,
    aged.priority,
    aged.type,
    aged.status,
    age_buckets.age_bucket,
    cast(age_buckets.age_bucket_no as integer) as age_bucket_no,
    aged.age_seconds,
    aged.quiet_seconds,
    aged.is_unreplied,
    aged.created_at,
    aged.created_date,
    aged.as_of_at,
    {{ build_id() }} as build_id
from aged
inner join age_buckets
    on
        aged.age_seconds >= age_buckets.from_days * 86400
        and (age_buckets.to_days is null or aged.age_seconds < age_buckets.to_days * 86400)
order by aged.created_at, aged.ticket_key
