with

source as (

    {{ newest_versions(source('event_log', 'events'), [
        'case_id',
        'event_at',
        'activity',
        "coalesce(resource, '')",
    ], [
        '_file_id',
        '_record_no',
        'case_id',
        'event_at',
        'activity',
        'resource',
    ]) }}

),

status_aliases as (

    select raw_value, status
    from {{ ref('status_aliases') }}
    where source_system = 'event_log'

)

-- Within a second the file's order is the order. One alias row per raw value (tested on the seed).
select
    'event_log' as source_system,
    source._account_id as account_id,
    source.case_id as ticket_id,
    row_number() over (
        partition by source._account_id, source.case_id
        order by source.event_at, source._file_id, source._record_no
    ) as event_no,
    source.activity,
    status_aliases.status,
    source.resource as agent_id,
    {{ utc_timestamp('source.event_at') }} as event_at,
    {{ utc_timestamp('source._version_at') }} as version_at,
    source._file_id as file_id,
    source._record_no as record_no
from source
left join status_aliases on status_aliases.raw_value = lower(source.activity)
