with

source as (

    {{ newest_versions(source('nyc_311', 'requests'), ['unique_key'], [
        'unique_key',
        'agency',
        'complaint_type',
        'descriptor',
        'borough',
        'status',
        'open_data_channel_type',
        'created_date',
        'due_date',
        'closed_date',
    ]) }}

),

aliases as (

    select raw_value, status
    from {{ ref('complaint_status_aliases') }}
    where source_system = 'nyc_311'

)

-- One row a status word (tested on the seed), so the join keeps one row a request.
select
    'nyc_311' as source_system,
    source._account_id as account_id,
    source.unique_key as complaint_id,
    source.agency as owner,
    source.complaint_type as product,
    source.descriptor as issue,
    source.borough as region,
    lower(source.open_data_channel_type) as channel_raw,
    source.status as status_raw,
    coalesce(aliases.status, 'unknown') as status,
    {{ utc_timestamp('source.created_date') }} as received_at,
    {{ utc_timestamp('source.due_date') }} as due_at,
    {{ utc_timestamp('source.closed_date') }} as closed_at
from source
left join aliases on aliases.raw_value = lower(source.status)
