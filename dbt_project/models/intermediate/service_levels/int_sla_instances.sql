{#- Grain: ticket, metric and instance: one stretch that a target can be measured on, for the
    tickets and metrics that ever had a target.
      first_reply_time       created until the first human public reply
      next_reply_time        each later turn, from its first unanswered customer message
      periodic_update_time,  each human public message until the next one
      pausable_update_time
      group_ownership_time   each stay with a group, until the next group or a solve
      the others             created until the last solve, in the states of that clock
    A solve ends the first four as well: afterwards nobody is waiting for a reply. -#}
with

targeted as (

    select distinct ticket_key, metric
    from {{ ref('int_sla_targets__in_force') }}
    where target_seconds is not null

),

tickets as (

    select
        ticket_key,
        is_solved,
        is_agent_initiated,
        response_started_at,
        first_response_at,
        last_solved_at,
        created_at,
        as_of_at
    from {{ ref('int_tickets__classified') }}

),

turns as (

    select ticket_key, turn_no, opened_at, answered_at
    from {{ ref('int_turns') }}

),

updates as (

    select
        ticket_key,
        row_number() over by_ticket as update_no,
        sent_at,
        lead(sent_at) over by_ticket as next_sent_at
    from {{ ref('int_messages__attributed') }}
    where is_human_reply
    window by_ticket as (partition by ticket_key order by message_no)

),

solves as (

    select ticket_key, started_at as solved_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_solve

),

-- Where an agent wrote first, the customer's first message is what asks for a reply.
first_replies as (

    select
        tickets.ticket_key,
        cast(1 as bigint) as instance_no,
        case
            when tickets.is_agent_initiated then turns.opened_at
            else tickets.response_started_at
        end as started_at,
        case
            when tickets.is_agent_initiated then turns.answered_at
            else tickets.first_response_at
        end as answered_at
    from tickets
    left join turns
        on
            turns.ticket_key = tickets.ticket_key
            and turns.turn_no = 1

),

replies as (

    select
        ticket_key,
        'first_reply_time' as metric,
        instance_no,
        started_at,
        answered_at
    from first_replies
    where started_at is not null

    union all

    select
        ticket_key,
        'next_reply_time' as metric,
        turn_no - 1 as instance_no,
        opened_at as started_at,
        answered_at
    from turns
    where turn_no > 1

    union all

    select
        updates.ticket_key,
        update_metrics.metric,
        updates.update_no as instance_no,
        updates.sent_at as started_at,
        updates.next_sent_at as answered_at
    from updates
    cross join (
        values ('periodic_update_time'), ('pausable_update_time')
    ) as update_metrics (metric)

),

targeted_replies as (

    select replies.*
    from replies
    inner join targeted
        on
            targeted.ticket_key = replies.ticket_key
            and targeted.metric = replies.metric

),

-- The first solve at or after the start; an as-of join finds at most one.
ended_replies as (

    select
        targeted_replies.*,
        coalesce(solves.solved_at < targeted_replies.answered_at, solves.solved_at is not null)
            as is_ended_by_solve,
        case
            when solves.solved_at < targeted_replies.answered_at then solves.solved_at
            else coalesce(targeted_replies.answered_at, solves.solved_at)
        end as completed_at
    from targeted_replies
    asof left join solves
        on
            solves.ticket_key = targeted_replies.ticket_key
            and solves.solved_at >= targeted_replies.started_at

),

resolutions as (

    select
        tickets.ticket_key,
        targeted.metric,
        cast(1 as bigint) as instance_no,
        tickets.created_at as started_at,
        tickets.is_solved as is_ended_by_solve,
        case when tickets.is_solved then tickets.last_solved_at end as completed_at
    from tickets
    inner join targeted on targeted.ticket_key = tickets.ticket_key
    where targeted.metric in ('requester_wait_time', 'agent_work_time', 'total_resolution_time')

),

-- From the creation or a reopening until the solve that follows.
unsolved_runs as (

    select intervals.ticket_key, intervals.started_at, solves.solved_at
    from {{ ref('int_ticket_status_intervals') }} as intervals
    asof left join solves
        on
            solves.ticket_key = intervals.ticket_key
            and solves.solved_at >= intervals.started_at
    where intervals.is_unsolved and (intervals.interval_no = 1 or intervals.is_reopen)

),

stays as (

    select ticket_key, started_at, ended_at
    from {{ ref('int_ticket_field_intervals') }}
    where field = 'team' and value is not null

),

-- A stay meets each unsolved run at most once; a reopened ticket begins a stay anew.
ownerships as (

    select
        stays.ticket_key,
        'group_ownership_time' as metric,
        row_number() over (
            partition by stays.ticket_key
            order by greatest(stays.started_at, unsolved_runs.started_at)
        ) as instance_no,
        greatest(stays.started_at, unsolved_runs.started_at) as started_at,
        coalesce(unsolved_runs.solved_at <= stays.ended_at, unsolved_runs.solved_at is not null)
            as is_ended_by_solve,
        least(stays.ended_at, unsolved_runs.solved_at) as completed_at
    from stays
    inner join targeted
        on
            targeted.ticket_key = stays.ticket_key
            and targeted.metric = 'group_ownership_time'
    inner join unsolved_runs
        on
            unsolved_runs.ticket_key = stays.ticket_key
            and unsolved_runs.started_at < coalesce(stays.ended_at, timestamp '9999-12-31')
            and coalesce(unsolved_runs.solved_at, timestamp '9999-12-31') > stays.started_at

),

instances as (

    select ticket_key, metric, instance_no, started_at, is_ended_by_solve, completed_at
    from ended_replies

    union all

    select *
    from ownerships

    union all

    select *
    from resolutions

)

-- A reply stamped before its start, as imports hold, ends the instance where it starts.
select
    instances.ticket_key,
    instances.metric,
    instances.instance_no,
    instances.is_ended_by_solve,
    instances.started_at,
    case
        when instances.completed_at is not null
            then greatest(instances.started_at, instances.completed_at)
    end as completed_at,
    tickets.as_of_at
from instances
inner join tickets on tickets.ticket_key = instances.ticket_key
