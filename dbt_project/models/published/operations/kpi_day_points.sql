{{ config(materialized='view') }}

with

checks as (

    select *
    from {{ ref('kpi_day_checks') }}

)

-- What is usual stands where the weekday last was, so that a figure has one point to compare with.
select
    kpi_id,
    grain,
    unit_value,
    unit_value as team_name,
    'usual' as point,
    cast(local_date - 7 as date) as point_date,
    usual_value as value,
    {{ build_id() }} as build_id
from checks

union all

select
    kpi_id,
    grain,
    unit_value,
    unit_value as team_name,
    'day' as point,
    local_date as point_date,
    value,
    {{ build_id() }} as build_id
from checks
