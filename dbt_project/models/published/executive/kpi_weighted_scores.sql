{{ config(materialized='view') }}

with

scores as (

    select *
    from {{ ref('kpi_values') }}
    where kpi_id = 'weighted_score' and period_type = 'quarter' and grain in ('total', 'team')

),

-- New weights hold for the periods that begin under them; the first ones change nothing.
changes as (

    select distinct
        cast(
            date_trunc('quarter', valid_from - interval 1 day) + interval 3 month as date
        ) as period_start
    from {{ ref('kpi_weights') }}
    where scorecard = 'performance' and valid_from > (
        select min(firsts.valid_from)
        from {{ ref('kpi_weights') }} as firsts
        where firsts.scorecard = 'performance'
    )

)

-- A quarter is one row of changes.
select
    scores.period_start,
    scores.grain,
    scores.unit_value,
    scores.unit_value as team_name,
    scores.value,
    scores.n,
    scores.is_partial,
    cast(case when changes.period_start is not null then 1 end as integer) as weights_mark,
    case when changes.period_start is not null then 'new_weights' end as weights_state,
    {{ build_id() }} as build_id
from scores
left join changes on changes.period_start = scores.period_start
