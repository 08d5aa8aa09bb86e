{#- Grain: leg. What the phone KPIs count; the columns of fct_calls. -#}
with

calls as (

    select
        *,
        coalesce(queued_at, started_at) as arrived_at,
        disposition = 'answered' as is_answered,
        direction != 'outbound' or is_callback as is_inbound,
        bool_or(is_callback) over (partition by contact_key) as has_callback
    from {{ ref('int_calls__unioned') }}

),

accounts as (

    select source_system, account_id, as_of_at
    from {{ ref('int_accounts__as_of') }}

),

thresholds as (

    select
        {{ limit_of('service_level', 'phone') }} as answer_within_seconds,
        {{ limit_of('avg_call_duration', 'phone') }} as longest_seconds
    from {{ ref('kpi_thresholds') }}

),

parameters as (

    select
        {{ limit_of('service_level', 'phone', 'short_abandon_seconds') }} as short_abandon_seconds
    from {{ ref('kpi_parameters') }}

),

windows as (

    select
        valid_from,
        coalesce(lead(valid_from) over (order by valid_from), date '9999-12-31') as valid_to,
        clear_before_seconds,
        repeat_within_seconds
    from {{ ref('first_call_windows') }}

),

-- A customer's calls, answered or not, one row however often the call was handed on.
contacts as (

    select
        source_system,
        account_id,
        contact_key,
        min(customer_id) as customer_id,
        max_by(call_key, leg_no) filter (where is_answered) as answered_call_key,
        min(started_at) as started_at
    from calls
    where direction != 'outbound'
    group by source_system, account_id, contact_key

),

spaced as (

    select
        *,
        {{ seconds_between('lag(started_at) over by_customer', 'started_at') }}
            as seconds_since_last,
        {{ seconds_between('started_at', 'lead(started_at) over by_customer') }} as seconds_to_next
    from contacts
    where customer_id is not null
    window
        by_customer as (
            partition by source_system, account_id, customer_id order by started_at, contact_key
        )

),

-- The windows follow one another: one of them holds on a day.
first_calls as (

    select
        spaced.answered_call_key as call_key,
        coalesce(spaced.seconds_to_next <= windows.repeat_within_seconds, false) as is_repeated,
        {{ plus_seconds('spaced.started_at', 'windows.repeat_within_seconds') }} as matures_at
    from spaced
    inner join windows
        on
            windows.valid_from <= {{ local_date('spaced.started_at') }}
            and windows.valid_to > {{ local_date('spaced.started_at') }}
    where
        spaced.answered_call_key is not null
        and coalesce(spaced.seconds_since_last > windows.clear_before_seconds, true)

),

judged as (

    select
        calls.*,
        calls.is_answered and calls.is_inbound as is_handled,
        calls.is_inbound and not calls.is_callback and (
            calls.disposition = 'abandoned_queue'
            or calls.is_answered and calls.queue_seconds is not null
        ) as is_queued,
        calls.disposition = 'abandoned_queue' and calls.is_inbound and not calls.has_callback
            as is_abandoned
    from calls

)

-- Thresholds and parameters are one row each, an account is one row, a call one first call at most.
select
    judged.call_key,
    judged.contact_key,
    judged.call_id,
    judged.contact_id,
    judged.source_system,
    judged.account_id,
    coalesce(judged.queue_id, 'none') as queue_name,
    coalesce(judged.agent_id, 'unknown') as agent_id,
    judged.direction,
    judged.disposition,
    coalesce(judged.hung_up_by, 'unknown') as hung_up_by,
    judged.leg_no,
    cast(
        floor({{ second_of_day(local_timestamp('judged.arrived_at')) }} / 1800) as integer
    ) as arrived_half_hour,
    judged.queue_seconds,
    judged.talk_seconds,
    judged.hold_seconds,
    judged.after_call_seconds,
    case
        when judged.talk_seconds is not null
            then
                judged.talk_seconds
                + coalesce(judged.hold_seconds, 0)
                + coalesce(judged.after_call_seconds, 0)
    end as handle_seconds,
    judged.is_inbound,
    judged.is_callback,
    judged.is_queued,
    judged.is_handled,
    judged.is_abandoned,
    judged.is_answered and judged.talk_seconds is not null as is_connected,
    coalesce(judged.is_answered and judged.talk_seconds > thresholds.longest_seconds, false)
        as is_outlier,
    coalesce(
        judged.is_abandoned and judged.queue_seconds < parameters.short_abandon_seconds, false
    ) as is_short_abandon,
    judged.is_queued
    and judged.is_answered
    and judged.queue_seconds <= thresholds.answer_within_seconds as is_answered_in_time,
    judged.customer_id is not null as is_caller_known,
    first_calls.call_key is not null as is_first_call,
    coalesce(first_calls.matures_at <= accounts.as_of_at, false) as is_first_call_matured,
    coalesce(first_calls.is_repeated, false) as is_repeated,
    {{ local_date('judged.arrived_at') }} as called_date,
    judged.started_at,
    judged.arrived_at,
    judged.answered_at,
    judged.ended_at
from judged
cross join thresholds
cross join parameters
inner join accounts
    on
        accounts.source_system = judged.source_system
        and accounts.account_id = judged.account_id
left join first_calls on first_calls.call_key = judged.call_key
