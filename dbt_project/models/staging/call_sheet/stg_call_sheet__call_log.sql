with

source as (

    {{ newest_versions(source('call_sheet', 'call_log'), ['call_uuid'], [
        'call_uuid',
        'call_type',
        'caller',
        'callee',
        'call_queue',
        'user_id',
        'start_stamp',
        'queue_stamp',
        'answer_stamp',
        'end_stamp',
        'end_type',
        'evaluation_value',
    ]) }}

)

select
    'call_sheet' as source_system,
    _account_id as account_id,
    call_uuid as call_id,
    case call_type when '1' then caller when '2' then callee end as customer_id,
    call_queue as queue_id,
    user_id as agent_id,
    case call_type when '1' then 'inbound' when '2' then 'outbound' else 'unknown' end as direction,
    case
        when answer_stamp is not null then 'answered'
        when call_type = '2' then 'missed'
        when queue_stamp is not null then 'abandoned_queue'
        else 'abandoned_menu'
    end as disposition,
    case end_type when '1' then 'agent' when '2' then 'customer' end as hung_up_by,
    cast(evaluation_value as integer) as evaluation_value,
    {{ utc_timestamp('start_stamp') }} as started_at,
    {{ utc_timestamp('queue_stamp') }} as queued_at,
    {{ utc_timestamp('answer_stamp') }} as answered_at,
    {{ utc_timestamp('end_stamp') }} as ended_at
from source
