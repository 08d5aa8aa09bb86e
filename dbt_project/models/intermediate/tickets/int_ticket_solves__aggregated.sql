{{ config(materialized='view') }}

with

intervals as (

    select
        ticket_key,
        interval_no,
        status,
        is_unsolved,
        is_reopen,
        is_solve,
        actor_id,
        actor_type,
        started_at
    from {{ ref('int_ticket_status_intervals') }}

),

-- Several flips within minutes are one reopen by the customer.
customer_reopens as (

    select
        ticket_key,
        started_at,
        {{ seconds_between(
            'lag(started_at) over (partition by ticket_key order by interval_no)', 'started_at'
        ) }} as seconds_since_last
    from intervals
    where is_reopen and actor_type = 'customer'

),

customer_reopens_counted as (

    select
        ticket_key,
        count(*) as customer_reopen_count,
        min(started_at) as first_customer_reopen_at
    from customer_reopens
    where coalesce(seconds_since_last > {{ var('reopen_collapse_seconds') }}, true)
    group by ticket_key

),

aggregated as (

    select
        ticket_key,
        max_by(status, interval_no) as status,
        not max_by(is_unsolved, interval_no) as is_settled,
        count(*) filter (where is_reopen) as reopen_count,
        min_by(actor_type, interval_no) filter (where is_solve) as first_solver_type,
        max_by(actor_type, interval_no) filter (where is_solve) as last_solver_type,
        max_by(actor_id, interval_no) filter (where is_solve) as last_solver_id,
        min(started_at) filter (where is_solve) as first_solved_at,
        max(started_at) filter (where is_solve) as last_solved_at,
        max(started_at) filter (where status = 'closed') as closed_at,
        min(started_at) filter (where is_reopen) as first_reopened_at
    from intervals
    group by ticket_key

)

select
    aggregated.*,
    coalesce(customer_reopens_counted.customer_reopen_count, 0) as customer_reopen_count,
    customer_reopens_counted.first_customer_reopen_at
from aggregated
left join customer_reopens_counted
    on customer_reopens_counted.ticket_key = aggregated.ticket_key
