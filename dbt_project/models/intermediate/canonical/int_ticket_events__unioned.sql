with

zendesk_changes as (

    select
        source_system,
        account_id,
        ticket_id,
        event_id,
        'change' as origin,
        seq_major,
        seq_minor,
        event_type,
        metric,
        cast(null as integer) as metric_instance,
        actor_id,
        old_value,
        new_value,
        cast(null as text) as policy_id,
        cast(null as text) as policy_name,
        target_seconds,
        in_business_hours,
        false as is_withdrawn,
        event_at
    from {{ ref('stg_zendesk__audit_events') }}

),

zendesk_metric_events as (

    select
        source_system,
        account_id,
        ticket_id,
        event_id,
        'metric' as origin,
        seq_major,
        seq_minor,
        event_type,
        metric,
        metric_instance,
        cast(null as text) as actor_id,
        cast(null as text) as old_value,
        cast(null as text) as new_value,
        policy_id,
        policy_name,
        target_seconds,
        in_business_hours,
        is_withdrawn,
        event_at
    from {{ ref('stg_zendesk__metric_events') }}

),

unioned as (

    select *
    from zendesk_changes

    union all

    select *
    from zendesk_metric_events

)

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'ticket_id']) }} as ticket_key,
    ticket_id,
    origin || '-' || event_id as event_id,
    event_type,
    metric,
    metric_instance,
    actor_id,
    old_value,
    new_value,
    policy_id,
    policy_name,
    target_seconds,
    in_business_hours,
    is_withdrawn,
    event_at,
    -- Stamps have whole seconds; within one second the source's own sequence decides.
    row_number() over (
        partition by source_system, account_id, ticket_id
        order by event_at, origin, seq_major, seq_minor, event_id
    ) as event_seq
from unioned
