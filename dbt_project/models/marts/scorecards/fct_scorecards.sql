with

items as (

    select *
    from {{ ref('fct_scorecard_items') }}

),

limits as (

    select {{ kpi_parameter('weighted_score', 'smallest_n') }} as smallest_n

),

scores as (

    select
        scorecard,
        period_type,
        period_start,
        next_period_start,
        grain,
        unit_value,
        {{ exact_sum('weight * points') }} as weighted_points,
        {{ exact_sum('weight', where='not is_missing') }} as scored_weight,
        count(*) filter (where not is_missing) as scored_count,
        count(*) filter (where is_missing) as missing_count,
        max(n) as n,
        min(as_of_date) as as_of_date
    from items
    group by scorecard, period_type, period_start, next_period_start, grain, unit_value
    having count(*) filter (where not is_missing) > 0

),

judged as (

    select
        scores.*,
        scores.weighted_points / nullif(scores.scored_weight, 0) as score,
        scores.n >= limits.smallest_n and scores.grain != 'total' as is_ranked
    from scores
    cross join limits

)

select
    {{ hash_key(['scorecard', 'period_type', 'period_start', 'grain', 'unit_value']) }}
        as scorecard_key,
    scorecard,
    period_type,
    period_start,
    next_period_start,
    grain,
    unit_value,
    score,
    weighted_points,
    scored_weight,
    scored_count,
    missing_count,
    missing_count > 0 as is_reweighted,
    n,
    is_ranked,
    case
        when is_ranked
            then rank() over (
                partition by scorecard, period_type, period_start, grain, is_ranked
                order by score desc
            )
    end as score_rank,
    as_of_date
from judged
order by scorecard, period_type, grain, period_start, unit_value
