{#- Every piece of an SLA instance (rows of int_sla_pieces__clocked) with
      run_seconds      time run in the piece by the clock of the target in force
      elapsed_seconds  time run from the start of the instance to the end of the piece
      is_last          whether no piece follows
    Without a calendar business hours are all hours. -#}
{% macro elapsed_pieces(pieces) %}
with

pieces as (

    select
        *,
        coalesce(business_seconds, calendar_seconds) as working_seconds
    from {{ pieces }}

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

)

select
    *,
    case when in_business_hours then working_seconds else calendar_seconds end as run_seconds,
    case when in_business_hours then working_seconds_so_far else calendar_seconds_so_far end
        as elapsed_seconds
from accumulated
{%- endmacro %}
