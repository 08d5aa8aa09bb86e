{%- set cell = [
    'source_system',
    'account_id',
    'shop',
    'channel',
    'team_id',
    'team_name',
    'priority',
    'status',
    'age_bucket',
    'age_bucket_no',
    'as_of_at',
] -%}

with

intervals as (

    select *
    from {{ ref('fct_open_intervals') }}

),

age_buckets as (

    select age_bucket_no, age_bucket, from_days, to_days
    from {{ ref('age_buckets') }}

),

-- The instants at which a ticket grows into a bucket and out of it; the youngest has no start.
aged as (

    select
        intervals.*,
        age_buckets.age_bucket_no,
        age_buckets.age_bucket,
        case
            when age_buckets.from_days > 0
                then {{ plus_seconds('intervals.created_at', '86400 * age_buckets.from_days') }}
        end as grows_in_at,
        {{ plus_seconds('intervals.created_at', '86400 * age_buckets.to_days') }} as grows_out_at
    from intervals
    cross join age_buckets

),

-- The snapshot at the end of a day shows an age reached on that day, down to its last instant. The
-- last snapshot is taken at the as-of: an age reached later is in none.
aged_days as (

    select
        * exclude (grows_in_at, grows_out_at),
        case
            when grows_in_at > as_of_at then date '9999-12-31'
            else coalesce({{ local_date('grows_in_at - interval 1 microsecond') }}, from_date)
        end as in_date,
        case
            when grows_out_at > as_of_at then date '9999-12-31'
            else coalesce({{ local_date('grows_out_at - interval 1 microsecond') }}, to_date)
        end as out_date
    from aged

),

stays as (

    select
        * exclude (from_date, to_date, in_date, out_date),
        cast(extract(epoch from created_at) as bigint) as created_epoch,
        greatest(from_date, in_date) as from_date,
        least(to_date, out_date) as to_date
    from aged_days
    where greatest(from_date, in_date) < least(to_date, out_date)

),

deltas as (

    select *, from_date as local_date, 1 as tickets
    from stays

    union all

    select *, to_date as local_date, -1 as tickets
    from stays

),

daily_deltas as (

    select
        {{ cell | join(',\n        ') }},
        local_date,
        sum(tickets) as tickets,
        sum(tickets * created_epoch) as created_epochs
    from deltas
    group by
        {{ cell | join(',\n        ') }},
        local_date

),

levels as (

    select
        * exclude (tickets, created_epochs),
        sum(tickets) over by_cell as open_tickets,
        sum(created_epochs) over by_cell as created_epochs,
        lead(local_date) over by_cell as until_date
    from daily_deltas
    window by_cell as (partition by {{ cell | join(', ') }} order by local_date)

),

-- A level holds until the next change; after the last change nothing is open.
days as (

    select
        * exclude (local_date, until_date),
        unnest(
            generate_series(
                cast(local_date as timestamp),
                cast(until_date as timestamp) - interval 1 day,
                interval 1 day
            )
        ) as local_midnight
    from levels
    where open_tickets > 0

),

snapshots as (

    select
        *,
        least(
            {{ utc_from_local(
                '(local_midnight + interval 1 day)', "'" ~ var('reporting_zone') ~ "'"
            ) }},
            as_of_at
        ) as snapshot_at
    from days

)

select
    cast(local_midnight as date) as local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    team_name,
    priority,
    status,
    age_bucket,
    cast(age_bucket_no as integer) as age_bucket_no,
    cast(open_tickets as bigint) as open_tickets,
    cast(open_tickets * cast(extract(epoch from snapshot_at) as bigint) - created_epochs as bigint)
        as open_age_seconds_sum,
    snapshot_at
from snapshots
order by
    local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_id,
    priority,
    status,
    age_bucket_no
