{#- Grain: account and local date, from its first date to its as-of. Working days are those on which
    the account's main calendar has hours; without a calendar every day is one. -#}
with

accounts as (

    select source_system, account_id, first_date, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

main_calendars as (

    select source_system, account_id, calendar_id
    from {{ ref('int_business_calendars__unioned') }}
    where not starts_with(calendar_id, 'helpmart/')
    qualify row_number() over (
        partition by source_system, account_id
        order by is_default desc, created_at asc nulls last, calendar_id asc
    ) = 1

),

opened_dates as (

    select distinct calendar_key, {{ local_date('starts_at') }} as local_date
    from {{ ref('int_calendar_intervals__utc') }}

),

days as (

    select
        source_system,
        account_id,
        cast(
            unnest(
                generate_series(
                    cast(first_date as timestamp), cast(as_of_date as timestamp), interval 1 day
                )
            ) as date
        ) as local_date
    from accounts

),

-- One main calendar an account, one row a date of it.
judged as (

    select
        days.source_system,
        days.account_id,
        days.local_date,
        main_calendars.calendar_id is null or opened_dates.local_date is not null as is_working
    from days
    left join main_calendars
        on
            main_calendars.source_system = days.source_system
            and main_calendars.account_id = days.account_id
    left join opened_dates
        on
            opened_dates.calendar_key = {{ hash_key([
                'main_calendars.source_system',
                'main_calendars.account_id',
                'main_calendars.calendar_id',
            ]) }}
            and opened_dates.local_date = days.local_date

)

select
    source_system,
    account_id,
    local_date,
    is_working,
    cast(
        count(*) filter (where is_working) over (
            partition by source_system, account_id order by local_date
        ) as integer
    ) as working_day_no
from judged
