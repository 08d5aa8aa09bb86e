with

targets as (

    select *
    from {{ ref('int_sla_targets__due') }}

),

instances as (

    select *
    from {{ ref('int_sla_instances') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        source_system,
        account_id,
        shop,
        channel,
        team_id,
        team_name,
        priority,
        is_deleted,
        is_merged,
        in_p2
    from {{ ref('int_tickets__classified') }}

),

priorities as (

    select ticket_key, value as priority, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'priority' and (ended_at is null or started_at < ended_at)

),

-- A target is judged when its clock passes it, or stops. One that was taken away before, or whose
-- ticket was deleted or merged before anybody answered, is cancelled.
judged as (

    select
        targets.*,
        instances.started_at,
        instances.completed_at,
        instances.as_of_at,
        case
            when targets.is_exceeded then 'breached'
            when targets.target_seconds is null then 'cancelled'
            when
                (tickets.is_deleted or tickets.is_merged)
                and (instances.is_ended_by_solve or instances.completed_at is null)
                then 'cancelled'
            when instances.completed_at is not null then 'achieved'
            else 'active'
        end as sla_status
    from targets
    inner join instances
        on
            instances.ticket_key = targets.ticket_key
            and instances.metric = targets.metric
            and instances.instance_no = targets.instance_no
    inner join tickets on tickets.ticket_key = targets.ticket_key

),

-- The priority when the time that decides began; an as-of join finds at most one.
prioritised as (

    select judged.*, priorities.priority as priority_in_force
    from judged
    asof left join priorities
        on
            priorities.ticket_key = judged.ticket_key
            and priorities.started_at <= judged.from_at

)

select
    {{ hash_key(['prioritised.ticket_key', 'prioritised.metric', 'prioritised.instance_no']) }}
        as sla_target_key,
    tickets.ticket_key,
    tickets.ticket_id,
    tickets.source_system,
    tickets.account_id,
    tickets.shop,
    tickets.channel,
    tickets.team_id,
    tickets.team_name,
    tickets.priority,
    coalesce(prioritised.policy_id, 'unknown') as policy_id,
    coalesce(prioritised.policy_name, 'unknown') as policy_name,
    prioritised.metric,
    prioritised.instance_no,
    coalesce(prioritised.priority_in_force, 'none') as priority_in_force,
    prioritised.sla_status,
    prioritised.target_seconds,
    prioritised.elapsed_seconds,
    case
        when prioritised.sla_status = 'breached'
            then cast(prioritised.elapsed_seconds - prioritised.target_seconds as bigint)
    end as excess_seconds,
    prioritised.in_business_hours,
    tickets.in_p2,
    prioritised.sla_status = 'achieved' as is_achieved,
    prioritised.sla_status = 'breached' as is_breached,
    prioritised.sla_status in ('achieved', 'breached')
    and coalesce(prioritised.reached_at <= prioritised.as_of_at, false) as is_decided,
    prioritised.sla_status in ('achieved', 'breached') and prioritised.completed_at is not null
        as is_completed,
    {{ local_date('prioritised.reached_at') }} as deadline_date,
    {{ local_date('prioritised.completed_at') }} as completed_date,
    case
        when prioritised.sla_status = 'breached' then {{ local_date('prioritised.reached_at') }}
    end as breached_date,
    prioritised.started_at,
    prioritised.reached_at as deadline_at,
    prioritised.completed_at,
    case when prioritised.sla_status = 'breached' then prioritised.reached_at end as breached_at
from prioritised
inner join tickets on tickets.ticket_key = prioritised.ticket_key
order by prioritised.started_at, sla_target_key
