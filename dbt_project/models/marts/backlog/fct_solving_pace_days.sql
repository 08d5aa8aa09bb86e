{%- set unit = [
    'source_system', 'account_id', 'shop', 'channel', 'team_name', 'priority',
] -%}
with

days as (

    select source_system, account_id, local_date, is_working, working_day_no
    from {{ ref('int_account_days__working') }}

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('dim_accounts') }}

),

solved as (

    select {{ unit | join(', ') }}, last_solved_date, count(*) as solved_tickets
    from {{ ref('fct_tickets') }}
    where in_p5 and last_solved_date is not null
    group by all

),

parameters as (

    select cast(max(value) as integer) as pace_days
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'days_to_clear' and parameter = 'working_days' and channel = '*'

),

-- The window of a day holds its last working days and the free days between and after them: a
-- solve counts until so many working days have begun after it.
counted as (

    select
        solved.*,
        coalesce(limit_days.local_date, accounts.as_of_date + 1) as to_date
    from solved
    cross join parameters
    inner join accounts
        on
            accounts.source_system = solved.source_system
            and accounts.account_id = solved.account_id
    inner join days as solved_days
        on
            solved_days.source_system = solved.source_system
            and solved_days.account_id = solved.account_id
            and solved_days.local_date = solved.last_solved_date
    left join days as limit_days
        on
            limit_days.source_system = solved.source_system
            and limit_days.account_id = solved.account_id
            and limit_days.is_working
            and limit_days.working_day_no = solved_days.working_day_no + parameters.pace_days

),

unfolded as (

    select
        {{ unit | join(', ') }},
        solved_tickets,
        cast(
            unnest(
                generate_series(
                    cast(last_solved_date as timestamp),
                    cast(to_date as timestamp) - interval 1 day,
                    interval 1 day
                )
            ) as date
        ) as local_date
    from counted

),

summed as (

    select {{ unit | join(', ') }}, local_date, sum(solved_tickets) as solved_tickets
    from unfolded
    group by all

),

windows as (

    select
        days.source_system,
        days.account_id,
        days.local_date,
        least(days.working_day_no, parameters.pace_days) as working_days
    from days
    cross join parameters

),

-- A day of the account is one row.
paced as (

    select summed.*, windows.working_days
    from summed
    inner join windows
        on
            windows.source_system = summed.source_system
            and windows.account_id = summed.account_id
            and windows.local_date = summed.local_date

),

-- A day in whose window nothing was solved has no pace, not that of the day before.
idle_days as (

    select windows.*
    from windows
    anti join paced
        on
            paced.source_system = windows.source_system
            and paced.account_id = windows.account_id
            and paced.local_date = windows.local_date

)

select
    local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    cast(solved_tickets as bigint) as solved_tickets,
    working_days,
    solved_tickets / cast(nullif(working_days, 0) as double) as solved_per_day
from paced

union all

select
    local_date,
    source_system,
    account_id,
    account_id as shop,
    'unknown' as channel,
    'unknown' as team_name,
    'none' as priority,
    cast(0 as bigint) as solved_tickets,
    working_days,
    cast(null as double) as solved_per_day
from idle_days
order by local_date, source_system, account_id, shop, channel, team_name, priority
