with

source as (

    {{ newest_versions(source('udesk', 'sessions'), ['session_id', 'sub_session_id'], [
        '_file_id',
        '_record_no',
        'session_id',
        'sub_session_id',
        'customer_id',
        'agent_id',
        'agent_nick_name',
        'status',
        'started_at',
        'ended_at',
    ]) }}

)

select
    'udesk' as source_system,
    _account_id as account_id,
    session_id as ticket_id,
    sub_session_id as session_id,
    customer_id,
    agent_id,
    agent_nick_name as agent_name,
    status as status_raw,
    {{ utc_timestamp('started_at') }} as started_at,
    {{ utc_timestamp('ended_at') }} as ended_at,
    {{ utc_timestamp('_version_at') }} as version_at,
    _file_id as file_id,
    _record_no as record_no
from source
