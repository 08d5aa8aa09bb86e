{#- Grain: change of status. The history of a ticket that was exported without one, as far as the
    stamps of its record tell: solved, reopened, solved again, closed, and since when it has had its
    present status. What it was in between is `unknown`, so its time per status stays unknown. -#}
{{ config(materialized='view') }}

with

tickets as (

    select
        source_system,
        account_id,
        ticket_id,
        status,
        stated_first_status,
        stated_solver_id,
        stated_first_solved_at,
        stated_last_solved_at,
        stated_closed_at,
        -- Solved twice, it was reopened in between; nobody knows when, so the last moment is taken.
        coalesce(
            stated_reopened_at,
            case
                when stated_last_solved_at > stated_first_solved_at then stated_last_solved_at
            end
        ) as reopened_at,
        created_at,
        greatest(
            coalesce(stated_status_at, updated_at, created_at),
            stated_last_solved_at,
            stated_closed_at
        ) as status_at
    from {{ ref('int_tickets__unioned') }}
    where is_history_derived

),

moments as (

    select *, 1 as step, 'solved' as new_value, stated_first_solved_at as event_at
    from tickets

    union all

    select
        *, 2 as step, coalesce(stated_first_status, 'unknown') as new_value,
        reopened_at as event_at
    from tickets

    union all

    select *, 3 as step, 'solved' as new_value, stated_last_solved_at as event_at
    from tickets

    union all

    -- A closing before the solve was written by an import or by an earlier life.
    select *, 4 as step, 'closed' as new_value, stated_closed_at as event_at
    from tickets
    where stated_closed_at >= coalesce(stated_last_solved_at, stated_closed_at)

    union all

    -- When a solved ticket was solved is for the stamps above to tell.
    select *, 5 as step, status as new_value, status_at as event_at
    from tickets
    where status not in ('solved', 'closed')

),

-- An import may hold stamps before the creation.
told as (

    select
        source_system,
        account_id,
        ticket_id,
        step,
        new_value,
        case when new_value in ('solved', 'closed') then stated_solver_id end as actor_id,
        stated_first_status,
        created_at,
        greatest(event_at, created_at) as event_at,
        lag(new_value) over by_ticket as previous_value
    from moments
    where event_at is not null
    window
        by_ticket as (
            partition by source_system, account_id, ticket_id
            order by greatest(event_at, created_at), step
        )

)

-- A ticket that never changed has had its status since its creation.
select
    source_system,
    account_id,
    ticket_id,
    cast(step as hugeint) as seq_major,
    cast(0 as integer) as seq_minor,
    'status' as event_type,
    actor_id,
    case
        when previous_value is not null then previous_value
        when step = 5 and event_at <= created_at then null
        else coalesce(stated_first_status, 'unknown')
    end as old_value,
    new_value,
    true as is_derived,
    event_at
from told
where new_value is distinct from previous_value
