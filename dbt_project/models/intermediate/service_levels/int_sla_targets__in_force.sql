{#- Grain: ticket, metric and stretch of time. A ticket's stretches for a metric cover all time;
    where no target is in force target_seconds is null. -#}
with

tickets as (

    select ticket_key
    from {{ ref('int_tickets__unioned') }}

),

events as (

    select
        ticket_key,
        metric,
        event_type,
        event_seq,
        policy_id,
        policy_name,
        target_seconds,
        in_business_hours,
        event_at
    from {{ ref('int_ticket_events__unioned') }}
    where event_type in ('sla_target', 'sla_applied') and not is_withdrawn

),

matches as (

    select *
    from {{ ref('int_sla_policies__matched') }}

),

policies as (

    select *
    from {{ ref('int_sla_policies__unioned') }}

),

priorities as (

    select ticket_key, value as priority, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'priority' and (ended_at is null or started_at < ended_at)

),

-- The change history says it best, then the helpdesk's own SLA events; a ticket has one source.
recorded as (

    select *
    from events
    qualify
        event_type = 'sla_target'
        or not bool_or(event_type = 'sla_target') over (partition by ticket_key)

),

policy_metrics as (

    select distinct
        source_system,
        account_id,
        policy_id,
        valid_from,
        metric
    from policies

),

-- Where nothing was recorded, the first policy that matches sets the targets by the priority in
-- force. One match a ticket, one target a policy version, metric and priority.
derived as (

    select
        tickets.ticket_key,
        metrics.metric,
        priorities.started_at as from_at,
        row_number() over (
            partition by tickets.ticket_key, metrics.metric order by priorities.started_at
        ) as change_no,
        matches.policy_id,
        matches.policy_name,
        policies.target_seconds,
        policies.in_business_hours
    from tickets
    inner join matches on matches.ticket_key = tickets.ticket_key
    inner join policy_metrics as metrics
        on
            metrics.source_system = matches.source_system
            and metrics.account_id = matches.account_id
            and metrics.policy_id = matches.policy_id
            and metrics.valid_from = matches.valid_from
    inner join priorities on priorities.ticket_key = tickets.ticket_key
    left join policies
        on
            policies.source_system = matches.source_system
            and policies.account_id = matches.account_id
            and policies.policy_id = matches.policy_id
            and policies.valid_from = matches.valid_from
            and policies.metric = metrics.metric
            and policies.priority = priorities.priority
    anti join recorded on recorded.ticket_key = tickets.ticket_key

),

set_targets as (

    select
        recorded.ticket_key,
        recorded.metric,
        recorded.event_at as from_at,
        recorded.event_seq as change_no,
        coalesce(recorded.policy_id, matches.policy_id) as policy_id,
        coalesce(recorded.policy_name, matches.policy_name) as policy_name,
        recorded.target_seconds,
        recorded.in_business_hours
    from recorded
    left join matches on matches.ticket_key = recorded.ticket_key

    union all

    select *
    from derived

),

ordered as (

    select
        ticket_key,
        metric,
        policy_id,
        policy_name,
        target_seconds,
        coalesce(in_business_hours, false) as in_business_hours,
        from_at,
        coalesce(lead(from_at) over by_metric, timestamp '9999-12-31') as to_at,
        lag(from_at) over by_metric is null as is_first
    from set_targets
    window by_metric as (partition by ticket_key, metric order by from_at, change_no)

)

-- Of several in one second the last one holds.
select * exclude (is_first)
from ordered
where from_at < to_at

union all

-- Before the first one there was no target.
select
    ticket_key,
    metric,
    cast(null as text) as policy_id,
    cast(null as text) as policy_name,
    cast(null as bigint) as target_seconds,
    false as in_business_hours,
    timestamp '0001-01-01' as from_at,
    from_at as to_at
from ordered
where is_first
