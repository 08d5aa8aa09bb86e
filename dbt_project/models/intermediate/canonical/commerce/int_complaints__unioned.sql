with

nyc_requests as (

    select
        source_system,
        account_id,
        complaint_id,
        'service_request' as kind,
        cast(null as text) as order_id,
        owner,
        product,
        issue,
        cast(null as text) as cause,
        cast(null as text) as outcome,
        region,
        channel_raw,
        status_raw,
        status,
        closed_at <= due_at as is_timely,
        cast(null as boolean) as is_disputed,
        received_at,
        cast(null as timestamp) as sent_to_owner_at,
        due_at,
        closed_at
    from {{ ref('stg_nyc_311__requests') }}

),

cfpb_complaints as (

    select
        source_system,
        account_id,
        complaint_id,
        'regulator' as kind,
        cast(null as text) as order_id,
        owner,
        product,
        coalesce(sub_issue, issue) as issue,
        issue as cause,
        outcome,
        region,
        channel_raw,
        outcome as status_raw,
        status,
        is_timely,
        is_disputed,
        received_at,
        sent_to_owner_at,
        cast(null as timestamp) as due_at,
        cast(null as timestamp) as closed_at
    from {{ ref('stg_cfpb__complaints') }}

),

taobao_cases as (

    select
        source_system,
        account_id,
        complaint_id,
        'after_sales' as kind,
        order_id,
        cast(null as text) as owner,
        cast(null as text) as product,
        cast(null as text) as issue,
        cause,
        cast(null as text) as outcome,
        region,
        cast(null as text) as channel_raw,
        status_raw,
        status,
        cast(null as boolean) as is_timely,
        cast(null as boolean) as is_disputed,
        received_at,
        cast(null as timestamp) as sent_to_owner_at,
        cast(null as timestamp) as due_at,
        closed_at
    from {{ ref('stg_taobao__after_sales') }}

),

unioned as (

    select *
    from nyc_requests

    union all

    select *
    from cfpb_complaints

    union all

    select *
    from taobao_cases

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'complaint_id']) }} as complaint_key,
    {{ hash_key(['source_system', 'account_id', 'order_id']) }} as order_key,
    complaint_id,
    order_id,
    kind,
    owner,
    product,
    issue,
    cause,
    outcome,
    region,
    channel_raw,
    status_raw,
    status,
    is_timely,
    is_disputed,
    received_at,
    sent_to_owner_at,
    due_at,
    closed_at
from unioned
