with

customers as (

    select
        source_system,
        account_id,
        customer_key,
        organization_id,
        is_listed,
        first_seen_at
    from {{ ref('int_customers__unioned') }}

),

unknown as (

    select
        source_system,
        account_id,
        {{ hash_key(['source_system', 'account_id', "'unknown'"]) }} as customer_key,
        cast(null as text) as organization_id,
        false as is_listed,
        cast(null as timestamp) as first_seen_at
    from {{ ref('int_accounts__as_of') }}

),

members as (

    select *
    from customers

    union all

    select *
    from unknown

)

select
    customer_key,
    source_system,
    account_id,
    coalesce(organization_id, 'unknown') as organization_id,
    is_listed,
    {{ local_date('first_seen_at') }} as first_seen_date,
    first_seen_at
from members
order by source_system, account_id, customer_key
