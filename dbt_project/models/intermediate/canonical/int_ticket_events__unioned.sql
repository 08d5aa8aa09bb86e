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
        false as is_derived,
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
        false as is_derived,
        event_at
    from {{ ref('stg_zendesk__metric_events') }}

),

changes_with_gaps as (

    select *
    from {{ ref('stg_freshdesk__ticket_events') }}

    union all by name

    select *
    from {{ ref('stg_intercom__ticket_events') }}

    union all by name

    select *
    from {{ ref('stg_servicenow__ticket_events') }}

),

-- Where changes are missing (a daily file of activities, parts over the vendor's limit), the
-- ticket's stamps tell the statuses.
changes_told as (

    select changes.*
    from changes_with_gaps as changes
    anti join {{ ref('int_tickets__unioned') }} as tickets
        on
            tickets.source_system = changes.source_system
            and tickets.account_id = changes.account_id
            and tickets.ticket_id = changes.ticket_id
            and tickets.is_history_derived
            and changes.event_type = 'status'

),

-- A group keeps its own hours. One row a group: a ticket has one event.
freshdesk_calendars as (

    select
        tickets.source_system,
        tickets.account_id,
        tickets.ticket_id,
        cast(0 as hugeint) as seq_major,
        cast(0 as integer) as seq_minor,
        'calendar' as event_type,
        groups.calendar_id as new_value,
        true as is_derived,
        tickets.created_at as event_at
    from {{ ref('int_tickets__unioned') }} as tickets
    inner join {{ ref('stg_freshdesk__groups') }} as groups
        on
            groups.source_system = tickets.source_system
            and groups.account_id = tickets.account_id
            and groups.team_id = tickets.team_id
    where groups.calendar_id is not null

),

derived as (

    select *
    from {{ ref('int_ticket_events__derived') }}

),

unioned as (

    select *
    from zendesk_changes

    union all

    select *
    from zendesk_metric_events

    union all by name

    select *
    from changes_told

    union all by name

    select *
    from freshdesk_calendars

    union all by name

    select *
    from {{ ref('stg_chatwoot__ticket_events') }}

    union all by name

    select *
    from {{ ref('stg_qiyu__ticket_events') }}

    union all by name

    select *
    from {{ ref('stg_udesk__ticket_events') }}

    union all by name

    select *
    from {{ ref('stg_event_log__ticket_events') }}

    union all by name

    select *
    from derived

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
    coalesce(is_withdrawn, false) as is_withdrawn,
    is_derived,
    event_at
from unioned
