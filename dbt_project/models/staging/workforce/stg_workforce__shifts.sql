{%- set columns = [
    'employee_no',
    'full_name',
    'shift_date',
    'shift_name',
    'starts_at',
    'ends_at',
    'planned_hours',
    'leave_type',
] -%}

with

-- A day's plan is replaced as a whole: a shift that is gone from the newer sheet was taken back.
source as (

    select _account_id, {{ columns | join(', ') }}
    from {{ source('workforce', 'shifts') }}
    qualify
        rank() over (
            partition by _account_id, coalesce(employee_no, full_name), shift_date
            order by _version_at desc nulls last, _file_id asc
        ) = 1

)

-- Times of day stand beside one date: an end before the start lies behind midnight.
select
    'workforce' as source_system,
    _account_id as account_id,
    employee_no,
    full_name,
    shift_name,
    leave_type,
    starts_at is null or ends_at is null as is_rest,
    cast(planned_hours as decimal(9, 2)) as planned_hours,
    cast(shift_date as date) as local_date,
    {{ utc_timestamp('starts_at') }} as planned_start_at,
    case
        when {{ utc_timestamp('ends_at') }} <= {{ utc_timestamp('starts_at') }}
            then {{ plus_seconds(utc_timestamp('ends_at'), 86400) }}
        else {{ utc_timestamp('ends_at') }}
    end as planned_end_at,
    cast(
        row_number() over (
            partition by _account_id, coalesce(employee_no, full_name), shift_date
            order by starts_at nulls last, ends_at, shift_name
        ) as integer
    ) as shift_no
from source
