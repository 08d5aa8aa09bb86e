{{ config(materialized='view') }}

with

-- What a helpdesk itself calls the matter, and what the customer wrote above it.
unioned as (

    select source_system, account_id, ticket_id, subject, cast(null as text) as category
    from {{ ref('stg_zendesk__tickets') }}

    union all

    select source_system, account_id, ticket_id, subject, cast(null as text) as category
    from {{ ref('stg_freshdesk__tickets') }}

    union all

    select source_system, account_id, ticket_id, subject, cast(null as text) as category
    from {{ ref('stg_zammad__tickets') }}

    union all

    select source_system, account_id, ticket_id, cast(null as text) as subject, category
    from {{ ref('stg_qiyu__tickets') }}

    union all

    select source_system, account_id, ticket_id, cast(null as text) as subject, category
    from {{ ref('stg_servicenow__incidents') }}

)

select
    {{ hash_key(['source_system', 'account_id', 'ticket_id']) }} as ticket_key,
    nullif(trim(subject), '') as subject,
    nullif(trim(category), '') as category
from unioned
