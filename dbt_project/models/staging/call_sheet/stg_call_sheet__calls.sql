with

source as (

    {{ newest_versions(source('call_sheet', 'calls'), ['call_id'], [
        'call_id',
        'agent',
        'topic',
        'called_at',
        'is_answered',
        'is_resolved',
        'speed_of_answer',
        'talk_duration',
        'rating',
    ]) }}

)

select
    'call_sheet' as source_system,
    _account_id as account_id,
    call_id,
    agent as agent_id,
    topic,
    case when is_answered = 'true' then 'answered' else 'abandoned_queue' end as disposition,
    cast(is_resolved as boolean) as is_resolved,
    cast(speed_of_answer as bigint) as queue_seconds,
    cast(talk_duration as bigint) as talk_seconds,
    cast(rating as integer) as rating,
    {{ utc_timestamp('called_at') }} as started_at,
    case
        when is_answered = 'true'
            then {{ plus_seconds(utc_timestamp('called_at'), 'cast(speed_of_answer as bigint)') }}
    end as answered_at,
    case
        when is_answered = 'true'
            then {{ plus_seconds(
                utc_timestamp('called_at'),
                'cast(speed_of_answer as bigint) + cast(talk_duration as bigint)',
            ) }}
    end as ended_at
from source
