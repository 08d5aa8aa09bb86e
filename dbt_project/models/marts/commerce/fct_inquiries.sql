with

inquiries as (

    select *
    from {{ ref('int_inquiries') }}

),

-- Until which day all orders are known: what was paid later can't be told yet.
orders_known as (

    select max(accounts.as_of_date) as as_of_date
    from {{ ref('int_accounts__as_of') }} as accounts
    where
        exists (
            select 1
            from {{ ref('int_orders__unioned') }} as orders
            where
                orders.source_system = accounts.source_system
                and orders.account_id = accounts.account_id
        )

),

-- Shops know their customers by login, a telephone exchange by number: only where some of an
-- account's customers were ever seen in a shop can it be told who bought.
linked_accounts as (

    select distinct contacts.source_system, contacts.account_id
    from {{ ref('int_customer_contacts') }} as contacts
    where
        exists (
            select 1
            from {{ ref('int_orders__valued') }} as orders
            where orders.buyer_key = contacts.buyer_key
        )

),

buckets as (

    select
        bucket,
        from_seconds,
        coalesce(lead(from_seconds) over (order by from_seconds), 2147483647) as to_seconds
    from {{ ref('wait_buckets') }}

)

-- The buckets follow one another without overlap: an inquiry stays one row.
select
    inquiries.inquiry_key,
    inquiries.source_system,
    inquiries.account_id,
    inquiries.customer_key,
    coalesce(inquiries.buyer_key, 'unknown') as buyer_key,
    inquiries.shop,
    inquiries.channel,
    coalesce(inquiries.agent_id, 'unknown') as agent_id,
    coalesce(buckets.bucket, 'none') as wait_bucket,
    inquiries.wait_seconds,
    inquiries.contact_count,
    inquiries.sales_amount,
    inquiries.sales_count,
    inquiries.buyer_key is not null and linked_accounts.account_id is not null as is_identified,
    inquiries.is_served,
    coalesce(inquiries.window_ends_date <= orders_known.as_of_date, false) as is_matured,
    coalesce(inquiries.final_window_ends_date <= orders_known.as_of_date, false)
        as is_final_matured,
    inquiries.is_converted,
    inquiries.is_converted_final,
    inquiries.contact_date,
    inquiries.contact_at
from inquiries
cross join orders_known
left join linked_accounts
    on
        linked_accounts.source_system = inquiries.source_system
        and linked_accounts.account_id = inquiries.account_id
left join buckets
    on
        inquiries.wait_seconds >= buckets.from_seconds
        and inquiries.wait_seconds < buckets.to_seconds
order by inquiries.contact_at, inquiries.inquiry_key
