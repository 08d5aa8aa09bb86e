{{ config(materialized='view') }}

with

unioned as (

    select source_system, account_id, message_id, body
    from {{ ref('stg_zendesk__comments') }}

    union all

    select source_system, account_id, message_id, body
    from {{ ref('stg_freshdesk__messages') }}

    union all

    select source_system, account_id, message_id, body
    from {{ ref('stg_intercom__messages') }}

    union all

    select source_system, account_id, message_id, body
    from {{ ref('stg_chatwoot__messages') }}

    union all

    select source_system, account_id, message_id, body
    from {{ ref('stg_zammad__ticket_articles') }}

)

select
    source_system,
    account_id,
    message_id,
    body
from unioned
where trim(body) != ''
