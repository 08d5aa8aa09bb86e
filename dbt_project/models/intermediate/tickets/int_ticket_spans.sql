{{ config(materialized='view') }}

with

tickets as (

    select
        ticket_key,
        is_solved,
        created_at,
        response_started_at,
        first_response_at,
        first_solved_at,
        last_solved_at
    from {{ ref('int_tickets__classified') }}

),

intervals as (

    select
        ticket_key,
        interval_no,
        status,
        started_at,
        ended_at,
        as_of_at
    from {{ ref('int_ticket_status_intervals') }}
    where is_unsolved

),

spans as (

    select
        ticket_key,
        'first_response' as span_type,
        cast(1 as bigint) as span_no,
        response_started_at as from_at,
        first_response_at as to_at
    from tickets
    where first_response_at is not null

    union all

    select
        ticket_key,
        'first_resolution' as span_type,
        cast(1 as bigint) as span_no,
        created_at as from_at,
        first_solved_at as to_at
    from tickets
    where first_solved_at is not null

    union all

    -- A reopened ticket has no full resolution until it is solved again.
    select
        ticket_key,
        'full_resolution' as span_type,
        cast(1 as bigint) as span_no,
        created_at as from_at,
        last_solved_at as to_at
    from tickets
    where is_solved and last_solved_at is not null

    union all

    select
        ticket_key,
        status || '_status' as span_type,
        interval_no as span_no,
        started_at as from_at,
        coalesce(ended_at, as_of_at) as to_at
    from intervals

)

-- A stamp before the creation, which an import may hold, makes no negative time.
select
    ticket_key,
    span_type,
    span_no,
    from_at,
    greatest(from_at, to_at) as to_at
from spans
