with

zendesk_changes as (

    select
        source_system,
        account_id,
        ticket_id,
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
        seq_major,
        seq_minor,
        'sla_applied' as event_type,
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

-- Stamps have whole seconds; within one the source's own sequence decides. One number that sorts
-- the same way spares every model that orders events a sort by three columns.
select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'ticket_id']) }} as ticket_key,
    {{ event_sequence('event_at', 'seq_major', 'seq_minor') }} as event_seq,
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
    event_at
from unioned
