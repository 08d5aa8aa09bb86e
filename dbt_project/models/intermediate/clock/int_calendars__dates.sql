with

calendars as (

    select distinct source_system, account_id, calendar_id
    from {{ ref('int_business_calendars__unioned') }}

),

accounts as (

    select source_system, account_id, first_at, newest_at, as_of_at
    from {{ ref('int_accounts__as_of') }}

)

-- One row an account: a calendar stays one row.
select
    {{ hash_key(['calendars.source_system', 'calendars.account_id', 'calendars.calendar_id']) }}
        as calendar_key,
    calendars.source_system,
    calendars.account_id,
    calendars.calendar_id,
    cast(accounts.first_at as date) - 1 as first_date,
    cast(greatest(accounts.newest_at, accounts.as_of_at) as date)
    + {{ var('deadline_horizon_days') }} as last_date
from calendars
inner join accounts
    on
        accounts.source_system = calendars.source_system
        and accounts.account_id = calendars.account_id
