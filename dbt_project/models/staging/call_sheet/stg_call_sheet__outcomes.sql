with

-- The sheet gives its calls no id: agent and times are one.
source as (

    {{ newest_versions(
        source('call_sheet', 'outcomes'),
        ['agent', 'called_at', 'answered_time', 'ended_time'],
        [
            'called_at',
            'call_time',
            'answered_time',
            'ended_time',
            'agent',
            'outcome',
            'customer_id',
        ],
    ) }}

),

-- Times of day carry no date: one before the call's own lies behind midnight.
timed as (

    select
        *,
        {{ utc_timestamp('called_at') }} as started_at,
        {{ seconds_from_time('call_time', 'answered_time') }} as answer_offset,
        {{ seconds_from_time('call_time', 'ended_time') }} as end_offset
    from source

),

outcomes as (

    select raw_value, disposition
    from {{ ref('call_outcomes') }}

)

-- One row an outcome word (tested on the seed), so the join keeps one row a call.
select
    'call_sheet' as source_system,
    timed._account_id as account_id,
    concat_ws(
        '/', timed.agent, timed.called_at, timed.answered_time, timed.ended_time
    ) as call_id,
    timed.agent as agent_id,
    timed.customer_id,
    coalesce(
        outcomes.disposition,
        case when timed.answered_time is not null then 'answered' end,
        'unknown'
    ) as disposition,
    timed.answer_offset as queue_seconds,
    timed.end_offset - timed.answer_offset as talk_seconds,
    timed.started_at,
    {{ plus_seconds('timed.started_at', 'timed.answer_offset') }} as answered_at,
    {{ plus_seconds('timed.started_at', 'timed.end_offset') }} as ended_at
from timed
left join outcomes on outcomes.raw_value = lower(timed.outcome)
