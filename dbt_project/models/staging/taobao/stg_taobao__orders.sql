with

source as (

    {{ newest_versions(source('taobao', 'orders'), ['order_id'], [
        'order_id',
        'buyer_id',
        'goods_amount',
        'postage_amount',
        'total_amount',
        'paid_amount',
        'refund_amount',
        'status',
        'quantity',
        'closing_reason',
        'shop',
        'agent',
        'created_at',
        'paid_at',
        'finished_at',
    ]) }}

),

aliases as (

    select raw_value, status
    from {{ ref('order_status_aliases') }}
    where source_system = 'taobao'

)

-- One row a status word (tested on the seed), so the join keeps one row an order.
select
    'taobao' as source_system,
    source._account_id as account_id,
    source.order_id,
    source.buyer_id as customer_id,
    coalesce(source.shop, source._account_id) as shop,
    source.agent as agent_id,
    source.status as status_raw,
    coalesce(aliases.status, 'unknown') as status,
    source.closing_reason,
    cast(source.total_amount as decimal(18, 4)) as order_amount,
    cast(source.paid_amount as decimal(18, 4)) as paid_amount,
    cast(source.refund_amount as decimal(18, 4)) as refund_amount,
    'CNY' as currency,
    cast(source.quantity as bigint) as quantity,
    {{ utc_timestamp('source.created_at') }} as created_at,
    {{ utc_timestamp('source.paid_at') }} as paid_at,
    {{ utc_timestamp('source.finished_at') }} as finished_at
from source
left join aliases on aliases.raw_value = source.status
