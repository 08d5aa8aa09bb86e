with

risks as (

    select *
    from {{ ref('int_sla_risks') }}

),

targets as (

    select *
    from {{ ref('fct_sla_targets') }}

),

accounts as (

    select source_system, account_id, first_date, as_of_date, as_of_at
    from {{ ref('dim_accounts') }}

),

-- A piece holds its risk until the next piece begins; the last one until the instance ends or the
-- target falls due. One target a ticket, metric and instance, one account a target.
stretches as (

    select
        targets.*,
        accounts.as_of_at,
        accounts.as_of_date,
        risks.reached_at as risky_from_at,
        least(
            risks.next_from_at,
            targets.completed_at,
            case when risks.is_exceeded then targets.deadline_at end
        ) as risky_until_at
    from risks
    inner join targets
        on
            targets.ticket_key = risks.ticket_key
            and targets.metric = risks.metric
            and targets.instance_no = risks.instance_no
    inner join accounts
        on
            accounts.source_system = targets.source_system
            and accounts.account_id = targets.account_id
    where targets.in_p2 and targets.sla_status != 'cancelled'

),

-- What begins on a day is in that day's snapshot, what ends on a day is not.
stays as (

    select
        *,
        {{ local_date('risky_from_at') }} as from_date,
        case
            when risky_until_at <= as_of_at then {{ local_date('risky_until_at') }}
            else as_of_date + 1
        end as to_date
    from stretches
    where risky_from_at <= as_of_at

),

days as (

    select
        * exclude (from_date, to_date),
        cast(
            unnest(
                generate_series(
                    cast(from_date as timestamp),
                    cast(to_date as timestamp) - interval 1 day,
                    interval 1 day
                )
            ) as date
        ) as local_date
    from stays
    where from_date < to_date

),

-- A day on which nothing was at risk is there all the same, where there are targets at all.
safe_days as (

    select accounts.source_system, accounts.account_id, dates.date_day as local_date
    from accounts
    semi join targets
        on
            targets.source_system = accounts.source_system
            and targets.account_id = accounts.account_id
    inner join {{ ref('dim_dates') }} as dates
        on dates.date_day between accounts.first_date and accounts.as_of_date
    anti join days
        on
            days.source_system = accounts.source_system
            and days.account_id = accounts.account_id
            and days.local_date = dates.date_day

)

select
    local_date,
    sla_target_key,
    ticket_key,
    ticket_id,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    team_name,
    priority,
    policy_name,
    metric,
    true as is_at_risk
from days

union all

select
    local_date,
    'none' as sla_target_key,
    'none' as ticket_key,
    'none' as ticket_id,
    source_system,
    account_id,
    account_id as shop,
    'unknown' as channel,
    'unknown' as team_id,
    'unknown' as team_name,
    'none' as priority,
    'unknown' as policy_name,
    'none' as metric,
    false as is_at_risk
from safe_days
order by local_date, source_system, account_id, sla_target_key
