with

calls as (

    select *
    from {{ ref('fct_calls') }}
    where is_queued or is_handled

)

select
    {{ hash_key([
        'source_system',
        'account_id',
        'queue_name',
        'cast(called_date as text)',
        'cast(arrived_half_hour as text)',
    ]) }} as queue_half_hour_key,
    source_system,
    account_id,
    queue_name,
    arrived_half_hour,
    cast(count(*) filter (where is_queued) as bigint) as offered_count,
    cast(count(*) filter (where is_queued and is_handled) as bigint) as answered_count,
    cast(count(*) filter (where is_answered_in_time) as bigint) as answered_in_time_count,
    cast(count(*) filter (where is_abandoned) as bigint) as abandoned_count,
    cast(count(*) filter (where is_short_abandon) as bigint) as short_abandoned_count,
    cast(count(*) filter (where is_handled) as bigint) as handled_count,
    cast(
        coalesce(sum(queue_seconds) filter (where is_queued and is_handled), 0) as bigint
    ) as answered_wait_seconds,
    cast(coalesce(sum(queue_seconds) filter (where is_abandoned), 0) as bigint)
        as abandoned_wait_seconds,
    cast(max(queue_seconds) filter (where is_queued) as bigint) as longest_wait_seconds,
    cast(coalesce(sum(handle_seconds) filter (where is_handled), 0) as bigint) as handle_seconds,
    called_date
from calls
group by source_system, account_id, queue_name, called_date, arrived_half_hour
order by called_date, arrived_half_hour, source_system, account_id, queue_name
