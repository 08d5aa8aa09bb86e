{#- Grain: ticket, metric, instance and piece: time in which an instance's clock ran under one
    target (or none) and one calendar. -#}
with

instances as (

    select
        ticket_key,
        metric,
        instance_no,
        started_at,
        coalesce(completed_at, greatest(started_at, as_of_at)) as ended_at
    from {{ ref('int_sla_instances') }}

),

metric_states as (

    select metric, status
    from {{ ref('sla_metric_states') }}

),

status_intervals as (

    select
        ticket_key,
        status,
        started_at,
        coalesce(ended_at, timestamp '9999-12-31') as ended_at
    from {{ ref('int_ticket_status_intervals') }}

),

targets as (

    select *
    from {{ ref('int_sla_targets__in_force') }}

),

ticket_calendars as (

    select *
    from {{ ref('int_ticket_calendars__intervals') }}

),

-- Reply clocks never pause; the states of a ticket don't overlap, so the others run at most once
-- at any time. A span of no length is kept: the instance was there.
running as (

    select
        ticket_key,
        metric,
        instance_no,
        started_at as from_at,
        ended_at as to_at
    from instances
    where metric in ('first_reply_time', 'next_reply_time')

    union all

    select
        instances.ticket_key,
        instances.metric,
        instances.instance_no,
        greatest(instances.started_at, status_intervals.started_at) as from_at,
        least(instances.ended_at, status_intervals.ended_at) as to_at
    from instances
    inner join metric_states on metric_states.metric = instances.metric
    inner join status_intervals
        on
            status_intervals.ticket_key = instances.ticket_key
            and status_intervals.status = metric_states.status
            and status_intervals.started_at <= instances.ended_at
            and status_intervals.ended_at > instances.started_at

),

-- The stretches of a target, and of a calendar, cover all time without overlap: they cut a span
-- and never multiply its time.
under_target as (

    select
        running.ticket_key,
        running.metric,
        running.instance_no,
        targets.policy_id,
        targets.policy_name,
        targets.target_seconds,
        targets.in_business_hours,
        greatest(running.from_at, targets.from_at) as from_at,
        least(running.to_at, targets.to_at) as to_at
    from running
    inner join targets
        on
            targets.ticket_key = running.ticket_key
            and targets.metric = running.metric
            and {{ overlaps('running', 'targets') }}

),

under_calendar as (

    select
        under_target.* exclude (from_at, to_at),
        ticket_calendars.calendar_key,
        greatest(
            under_target.from_at, coalesce(ticket_calendars.from_at, under_target.from_at)
        ) as from_at,
        least(under_target.to_at, coalesce(ticket_calendars.to_at, under_target.to_at)) as to_at
    from under_target
    left join ticket_calendars
        on
            ticket_calendars.ticket_key = under_target.ticket_key
            and {{ overlaps('under_target', 'ticket_calendars') }}

)

select
    *,
    row_number() over (
        partition by ticket_key, metric, instance_no
        order by from_at, to_at, target_seconds nulls first
    ) as piece_no
from under_calendar
