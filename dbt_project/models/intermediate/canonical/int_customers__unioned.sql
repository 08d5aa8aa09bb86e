{{ config(materialized='view') }}

with

zendesk_customers as (

    select
        users.source_system,
        users.account_id,
        users.user_id as customer_id,
        users.organization_id,
        users.created_at
    from {{ ref('stg_zendesk__users') }} as users
    where not users.is_staff

),

requesters as (

    select
        source_system,
        account_id,
        customer_id,
        max(organization_id) as organization_id,
        min(created_at) as created_at
    from {{ ref('int_tickets__unioned') }}
    where customer_id is not null
    group by source_system, account_id, customer_id

)

-- Both sides have one row a customer, so the full join has too.
select
    coalesce(users.source_system, requesters.source_system) as source_system,
    coalesce(users.account_id, requesters.account_id) as account_id,
    {{ hash_key([
        'coalesce(users.source_system, requesters.source_system)',
        'coalesce(users.account_id, requesters.account_id)',
        'coalesce(users.customer_id, requesters.customer_id)',
    ]) }} as customer_key,
    coalesce(users.customer_id, requesters.customer_id) as customer_id,
    coalesce(users.organization_id, requesters.organization_id) as organization_id,
    users.customer_id is not null as is_listed,
    least(users.created_at, requesters.created_at) as first_seen_at
from zendesk_customers as users
full outer join requesters
    on
        requesters.source_system = users.source_system
        and requesters.account_id = users.account_id
        and requesters.customer_id = users.customer_id
