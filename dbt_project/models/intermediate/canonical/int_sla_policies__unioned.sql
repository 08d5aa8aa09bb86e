with

unioned as (

    select *
    from {{ ref('stg_zendesk__sla_policies') }}

    union all by name

    select *
    from {{ ref('stg_freshdesk__sla_policies') }}

)

select
    source_system,
    account_id,
    policy_id,
    policy_name,
    position,
    filter_json,
    priority,
    metric,
    target_seconds,
    in_business_hours,
    valid_from,
    valid_to
from unioned
