{{ config(materialized='view') }}

with

zendesk_customers as (

    select
        users.source_system,
        users.account_id,
        users.user_id as customer_id,
        users.identity_hash,
        users.organization_id,
        users.created_at
    from {{ ref('stg_zendesk__users') }} as users
    where not users.is_staff

),

-- A shop's id of a customer, where the helpdesk was told it. Outside of helpdesks a customer's id
-- is itself the pseudonym of a login, address or number, equal for one person in all systems.
seen_somewhere as (

    select
        source_system,
        account_id,
        customer_id,
        cast(null as text) as identity_hash,
        organization_id,
        created_at
    from {{ ref('int_tickets__unioned') }}

    union all

    select
        source_system,
        account_id,
        customer_id,
        identity_hash,
        cast(null as text) as organization_id,
        started_at as created_at
    from {{ ref('stg_qiyu__sessions') }}

    union all

    select
        source_system,
        account_id,
        customer_id,
        customer_id as identity_hash,
        cast(null as text) as organization_id,
        started_at as created_at
    from {{ ref('int_calls__unioned') }}

    union all

    select
        source_system,
        account_id,
        customer_id,
        customer_id as identity_hash,
        cast(null as text) as organization_id,
        created_at
    from {{ ref('int_orders__unioned') }}

    union all

    select
        source_system,
        account_id,
        customer_id,
        customer_id as identity_hash,
        cast(null as text) as organization_id,
        coalesce(invited_at, answered_at) as created_at
    from {{ ref('stg_surveys__responses') }}

    union all

    select
        source_system,
        account_id,
        author_id as customer_id,
        author_id as identity_hash,
        cast(null as text) as organization_id,
        posted_at as created_at
    from {{ ref('int_mentions__unioned') }}

),

requesters as (

    select
        source_system,
        account_id,
        customer_id,
        max(identity_hash) as identity_hash,
        max(organization_id) as organization_id,
        min(created_at) as created_at
    from seen_somewhere
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
    coalesce(users.identity_hash, requesters.identity_hash) as identity_hash,
    coalesce(users.organization_id, requesters.organization_id) as organization_id,
    users.customer_id is not null as is_listed,
    least(users.created_at, requesters.created_at) as first_seen_at
from zendesk_customers as users
full outer join requesters
    on
        requesters.source_system = users.source_system
        and requesters.account_id = users.account_id
        and requesters.customer_id = users.customer_id
