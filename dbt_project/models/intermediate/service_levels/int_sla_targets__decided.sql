{#- Grain: ticket, metric and instance. The piece that decides is the first in which the time run so
    far exceeds the target in force, else the last one. Time counts by the clock of the target in
    force, from the start of the instance. Without a calendar business hours are all hours. -#}
with

pieces as (

    select
        *,
        coalesce(business_seconds, calendar_seconds) as working_seconds
    from {{ ref('int_sla_pieces__clocked') }}

),

accumulated as (

    select
        *,
        cast(sum(calendar_seconds) over so_far as bigint) as calendar_seconds_so_far,
        cast(sum(working_seconds) over so_far as bigint) as working_seconds_so_far,
        lead(piece_no) over so_far is null as is_last
    from pieces
    window
        so_far as (
            partition by ticket_key, metric, instance_no
            order by piece_no
            rows between unbounded preceding and current row
        )

),

elapsed as (

    select
        *,
        case when in_business_hours then working_seconds else calendar_seconds end as run_seconds,
        case when in_business_hours then working_seconds_so_far else calendar_seconds_so_far end
            as elapsed_seconds
    from accumulated

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
