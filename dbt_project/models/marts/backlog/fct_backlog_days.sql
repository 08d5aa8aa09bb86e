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
{%- set kinds = ['described', 'stale', 'unassigned'] %}

with

intervals as (

    select *
    from {{ ref('fct_open_intervals') }}

),

unattended as (

    select ticket_key, kind, from_date, to_date
    from {{ ref('int_ticket_unattended__intervals') }}

),

described as (

    select ticket_key
    from {{ ref('int_tickets__unioned') }}
    where has_messages

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

-- What of a ticket's stay is counted, beside the stay itself; stretches of a kind don't overlap.
counted as (

    select stays.*, 'open' as kind
    from stays

    union all

    select stays.*, 'described' as kind
    from stays
    inner join described on described.ticket_key = stays.ticket_key

    union all

    select
        stays.* replace (
            greatest(stays.from_date, unattended.from_date) as from_date,
            least(stays.to_date, unattended.to_date) as to_date
        ),
        unattended.kind
    from stays
    inner join unattended
        on
            unattended.ticket_key = stays.ticket_key
            and unattended.from_date < stays.to_date
            and unattended.to_date > stays.from_date

),

deltas as (

    select *, from_date as local_date, 1 as tickets
    from counted

    union all

    select *, to_date as local_date, -1 as tickets
    from counted

),

daily_deltas as (

    select
        {{ cell | join(',\n        ') }},
        local_date,
        {%- for kind in kinds %}
        coalesce(sum(tickets) filter (where kind = '{{ kind }}'), 0) as {{ kind }}_change,
        {%- endfor %}
        coalesce(sum(tickets) filter (where kind = 'open'), 0) as open_change,
        coalesce(sum(tickets * created_epoch) filter (where kind = 'open'), 0) as epoch_change
    from deltas
    group by
        {{ cell | join(',\n        ') }},
        local_date

),

levels as (

    select
        {%- for column in cell %}
        {{ column }},
        {%- endfor %}
        local_date,
        {%- for kind in kinds %}
        sum({{ kind }}_change) over by_cell as {{ kind }}_tickets,
        {%- endfor %}
        sum(open_change) over by_cell as open_tickets,
        sum(epoch_change) over by_cell as created_epochs,
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
    {%- for kind in kinds %}
    cast({{ kind }}_tickets as bigint) as {{ kind }}_tickets,
    {%- endfor %}
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
