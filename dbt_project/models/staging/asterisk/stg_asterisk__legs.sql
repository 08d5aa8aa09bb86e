{%- set columns = [
    'caller',
    'dialled',
    'context',
    'channel',
    'destination_channel',
    'last_application',
    'last_data',
    'started_at',
    'answered_at',
    'ended_at',
    'duration',
    'billable',
    'disposition',
    'unique_id',
] -%}

with

-- A leg has no id: its content is its identity, and an equal leg was landed once.
legs as (

    select _account_id, _row_hash, {{ columns | join(', ') }}
    from {{ source('asterisk', 'cdr') }}

    union

    select _account_id, _row_hash, {{ columns | join(', ') }}
    from {{ source('asterisk', 'cdr_custom') }}

),

-- The name of a channel is its own within a run of the server; SIP/2001-0000001a is device 2001.
named as (

    select
        *,
        coalesce(unique_id, channel || '@' || started_at) as contact_id,
        nullif(regexp_extract(channel, '^[A-Za-z0-9]+/([^-@/]+)', 1), '') as device,
        nullif(regexp_extract(destination_channel, '^[A-Za-z0-9]+/([^-@/]+)', 1), '')
            as destination_device,
        last_application = 'Queue' as is_queue,
        -- A number dialled from inside has become a pseudonym, 32 hexadecimal digits.
        regexp_matches(dialled, '^[0-9a-f]{32}$') as is_outbound
    from legs

)

select
    'asterisk' as source_system,
    _account_id as account_id,
    contact_id || '/' || coalesce(destination_channel, '') || '/' || started_at as call_id,
    contact_id,
    case when is_outbound then dialled else caller end as customer_id,
    case
        when is_queue then split_part(last_data, ',', 1)
        when not is_outbound then dialled
    end as queue_id,
    case when is_outbound then device else destination_device end as agent_id,
    case when is_outbound then 'outbound' else 'inbound' end as direction,
    case disposition
        when 'ANSWERED' then 'answered'
        when 'NO ANSWER' then 'missed'
        when 'BUSY' then 'busy'
        when 'FAILED' then 'failed'
        when 'CONGESTION' then 'failed'
        else 'unknown'
    end as disposition,
    is_queue,
    cast(duration as bigint) - cast(billable as bigint) as wait_seconds,
    cast(billable as bigint) as talk_seconds,
    {{ utc_timestamp('started_at') }} as started_at,
    {{ utc_timestamp('answered_at') }} as answered_at,
    {{ utc_timestamp('ended_at') }} as ended_at
from named
