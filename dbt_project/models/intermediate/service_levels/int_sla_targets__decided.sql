{#- Grain: ticket, metric and instance. The piece that decides is the first in which the time run so
    far exceeds the target in force, else the last one. Time counts by the clock of the target in
    force, from the start of the instance. Without a calendar business hours are all hours. -#}
with

elapsed as (
    {{ elapsed_pieces(ref('int_sla_pieces__clocked')) }}
),

deciding as (

    select
        ticket_key,
        metric,
        instance_no,
        policy_id,
        policy_name,
        target_seconds,
        in_business_hours,
        calendar_key,
        from_at,
        -- Without a target nothing remains to reach; greatest() alone would say 0.
        case
            when target_seconds is not null
                then greatest(target_seconds - (elapsed_seconds - run_seconds), 0)
        end as remaining_seconds,
        coalesce(elapsed_seconds > target_seconds, false) as is_exceeded
    from elapsed
    where coalesce(elapsed_seconds > target_seconds, false) or is_last
    qualify row_number() over (partition by ticket_key, metric, instance_no order by piece_no) = 1

),

totals as (

    select
        ticket_key,
        metric,
        instance_no,
        calendar_seconds_so_far,
        working_seconds_so_far
    from elapsed
    where is_last

)

-- One last piece an instance.
select
    deciding.*,
    case
        when deciding.in_business_hours then totals.working_seconds_so_far
        else totals.calendar_seconds_so_far
    end as elapsed_seconds
from deciding
inner join totals
    on
        totals.ticket_key = deciding.ticket_key
        and totals.metric = deciding.metric
        and totals.instance_no = deciding.instance_no
