with

checks as (

    select *
    from {{ source('helpmart', 'checks') }}

),

-- The ledger keeps all runs; readers are shown what each gate found last.
newest_runs as (

    select border, arg_max(run_id, checked_at) as run_id
    from checks
    group by border

)

-- One newest run a border.
select
    checks.border,
    checks.table as table_name,
    checks.name as check_name,
    checks.expectation,
    checks.column as column_name,
    checks.severity,
    checks.success as is_success,
    checks.observed,
    checks.unexpected_count,
    checks.why,
    checks.owner,
    checks.run_id,
    {{ utc_wall_time('checks.checked_at') }} as checked_at,
    {{ build_id() }} as build_id
from checks
inner join newest_runs
    on
        newest_runs.border = checks.border
        and newest_runs.run_id = checks.run_id
order by checks.border, table_name, check_name
