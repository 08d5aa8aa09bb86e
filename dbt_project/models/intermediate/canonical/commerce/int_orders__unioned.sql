with

taobao_orders as (

    select
        source_system,
        account_id,
        order_id,
        customer_id,
        shop,
        agent_id,
        status_raw,
        status,
        closing_reason,
        order_amount,
        paid_amount,
        refund_amount,
        currency,
        cast(null as text) as region,
        quantity,
        false as is_cancellation,
        created_at,
        paid_at,
        finished_at
    from {{ ref('stg_taobao__orders') }}

),

-- A sheet of lines says neither state nor payment: a line is a sale, its order is paid when it is
-- placed. A cancellation is an order of its own that gives money back.
sheet_orders as (

    select
        source_system,
        account_id,
        order_id,
        max(customer_id) as customer_id,
        account_id as shop,
        cast(null as text) as agent_id,
        cast(null as text) as status_raw,
        case when bool_or(is_cancellation) then 'closed' else 'paid' end as status,
        case when bool_or(is_cancellation) then 'cancellation' end as closing_reason,
        cast(sum(case when is_cancellation then 0 else amount end) as decimal(18, 4))
            as order_amount,
        cast(sum(case when is_cancellation then 0 else amount end) as decimal(18, 4))
            as paid_amount,
        cast(-sum(case when is_cancellation then amount else 0 end) as decimal(18, 4))
            as refund_amount,
        max(currency) as currency,
        max(country) as region,
        cast(sum(quantity) as bigint) as quantity,
        bool_or(is_cancellation) as is_cancellation,
        min(ordered_at) as created_at,
        min(case when not is_cancellation then ordered_at end) as paid_at,
        cast(null as timestamp) as finished_at
    from {{ ref('stg_order_lines__lines') }}
    group by source_system, account_id, order_id

),

unioned as (

    select *
    from taobao_orders

    union all

    select *
    from sheet_orders

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'order_id']) }} as order_key,
    order_id,
    customer_id,
    shop,
    agent_id,
    status_raw,
    status,
    closing_reason,
    order_amount,
    paid_amount,
    refund_amount,
    currency,
    region,
    quantity,
    is_cancellation,
    created_at,
    paid_at,
    finished_at
from unioned
