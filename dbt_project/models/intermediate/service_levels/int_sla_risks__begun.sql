{#- Grain: ticket, metric, instance and piece in which little of the target was left: a share of it
    or a number of seconds, whichever begins earlier. From `from_at` so many seconds remain until
    then. Pieces after the one that decides are over and left out. -#}
with

elapsed as (
    {{ elapsed_pieces(ref('int_sla_pieces__clocked')) }}
),

spaced as (

    select
        *,
        lead(from_at) over (
            partition by ticket_key, metric, instance_no order by piece_no
        ) as next_from_at,
        coalesce(
            bool_or(elapsed_seconds > target_seconds) over (
                partition by ticket_key, metric, instance_no
                order by piece_no
                rows between unbounded preceding and 1 preceding
            ),
            false
        ) as is_over
    from elapsed

),

parameters as (

    select
        max(value) filter (where parameter = 'remaining_share') as remaining_share,
        max(value) filter (where parameter = 'remaining_seconds') as remaining_seconds
    from {{ ref('kpi_parameters') }}
    where kpi_id = 'sla_at_risk' and channel = '*'

),

limited as (

    select
        spaced.*,
        cast(
            floor(
                greatest(
                    spaced.target_seconds - greatest(
                        spaced.target_seconds * parameters.remaining_share,
                        parameters.remaining_seconds
                    ),
                    0
                )
            ) as bigint
        ) as safe_seconds
    from spaced
    cross join parameters
    where spaced.target_seconds is not null and not spaced.is_over

)

select
    ticket_key,
    metric,
    instance_no,
    piece_no,
    policy_id,
    policy_name,
    target_seconds,
    in_business_hours,
    calendar_key,
    elapsed_seconds > target_seconds as is_exceeded,
    greatest(safe_seconds - (elapsed_seconds - run_seconds), 0) as remaining_seconds,
    from_at,
    next_from_at
from limited
where elapsed_seconds >= safe_seconds
