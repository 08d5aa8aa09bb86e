with

source as (

    {{ newest_versions(source('taobao', 'after_sales'), ['order_id', 'applied_at'], [
        'order_id',
        'taobao_order_id',
        'applied_at',
        'closed_at',
        'province',
        'status',
        'responsible',
    ]) }}

),

aliases as (

    select raw_value, status
    from {{ ref('complaint_status_aliases') }}
    where source_system = 'taobao'

)

-- One row a status word (tested on the seed), so the join keeps one row a case. The text of the
-- problem stays in raw.
select
    'taobao' as source_system,
    source._account_id as account_id,
    source.order_id || '/' || source.applied_at as complaint_id,
    coalesce(source.taobao_order_id, source.order_id) as order_id,
    source.responsible as cause,
    source.province as region,
    source.status as status_raw,
    coalesce(aliases.status, 'unknown') as status,
    {{ utc_timestamp('source.applied_at') }} as received_at,
    {{ utc_timestamp('source.closed_at') }} as closed_at
from source
left join aliases on aliases.raw_value = source.status
