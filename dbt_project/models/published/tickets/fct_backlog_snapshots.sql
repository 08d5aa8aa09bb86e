{{ config(materialized='view') }}

with

backlog as (

    select *
    from {{ ref('fct_backlog_days') }}

),

accounts as (

    select source_system, account_id, first_date, as_of_date
    from {{ ref('dim_accounts') }}

),

-- A day on which nothing was open has a backlog of 0, not that of the day before.
empty_days as (

    select
        days.date_day as local_date,
        accounts.source_system,
        accounts.account_id
    from accounts
    inner join {{ ref('dim_dates') }} as days
        on days.date_day between accounts.first_date and accounts.as_of_date
    anti join backlog
        on
            backlog.local_date = days.date_day
            and backlog.source_system = accounts.source_system
            and backlog.account_id = accounts.account_id

)

select
    local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    team_name,
    priority,
    status,
    age_bucket,
    age_bucket_no,
    open_tickets,
    described_tickets,
    stale_tickets,
    unassigned_tickets,
    open_age_seconds_sum
from backlog

union all

select
    local_date,
    source_system,
    account_id,
    account_id as shop,
    'unknown' as channel,
    'unknown' as team_id,
    'unknown' as team_name,
    'none' as priority,
    'unknown' as status,
    'none' as age_bucket,
    0 as age_bucket_no,
    cast(0 as bigint) as open_tickets,
    cast(0 as bigint) as described_tickets,
    cast(0 as bigint) as stale_tickets,
    cast(0 as bigint) as unassigned_tickets,
    cast(0 as bigint) as open_age_seconds_sum
from empty_days
