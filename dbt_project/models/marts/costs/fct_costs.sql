with

entries as (

    select
        *,
        cast(date_trunc('month', booked_date) as date) as month_date,
        cast(date_trunc('month', booked_date) + interval 1 month as date) as next_month_date
    from {{ ref('int_costs__unioned') }}

),

rates as (

    select
        currency,
        rate,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by currency order by valid_from), date '9999-12-31'
        ) as valid_to
    from {{ ref('currency_rates') }}

),

aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'costs'

),

-- Rates follow one another without overlap, a word means one channel: an entry stays one row.
valued as (

    select
        entries.*,
        case
            when entries.channel_raw is null then 'unknown'
            else coalesce(aliases.channel, 'other')
        end as channel,
        cast(entries.amount * rates.rate as double) as reporting_amount,
        datediff('day', entries.month_date, entries.next_month_date) as month_days
    from entries
    left join aliases on aliases.raw_value = entries.channel_raw
    left join rates
        on
            rates.currency = entries.currency
            and entries.booked_date >= rates.valid_from
            and entries.booked_date < rates.valid_to

),

-- A ledger knows months: each day of the month has the same part of an entry, so that weeks have
-- costs as well and a month keeps its sum.
spread as (

    select
        *,
        cast(
            unnest(
                generate_series(
                    cast(month_date as timestamp),
                    next_month_date - interval 1 day,
                    interval 1 day
                )
            ) as date
        ) as cost_date
    from valued

)

select
    cost_key,
    source_system,
    account_id,
    entry_id,
    channel,
    coalesce(department, 'unknown') as department,
    coalesce(cost_type, 'unknown') as cost_type,
    coalesce(course_id, 'none') as course_id,
    is_service,
    reporting_amount / month_days as amount,
    booked_date,
    month_date,
    cost_date
from spread
order by cost_date, cost_key
