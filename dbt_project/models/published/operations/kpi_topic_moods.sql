with

ends as (

    select max(period_start) as last_month
    from {{ ref('kpi_values') }}
    where kpi_id = 'sentiment_score' and period_type = 'month' and is_latest

),

cells as (

    select
        values_of.kpi_id,
        values_of.unit_value as topic,
        values_of.value,
        values_of.numerator,
        values_of.denominator
    from {{ ref('kpi_values') }} as values_of
    cross join ends
    where
        values_of.kpi_id in ('sentiment_score', 'tickets_created')
        and values_of.period_type = 'month'
        and values_of.grain = 'topic'
        and values_of.period_start <= ends.last_month
        and values_of.period_start > cast(ends.last_month - interval 12 month as date)

),

topics as (

    select
        topic,
        cast(
            coalesce({{ exact_sum('value', where="kpi_id = 'tickets_created'") }}, 0) as bigint
        ) as tickets,
        {{ exact_sum('numerator', where="kpi_id = 'sentiment_score'") }}
        / nullif({{ exact_sum('denominator', where="kpi_id = 'sentiment_score'") }}, 0)
            as sentiment_score
    from cells
    group by topic

)

select
    topic,
    tickets,
    sentiment_score,
    case
        when sentiment_score is null then 'unknown'
        when sentiment_score >= {{ var('mood_good_from') }} then 'good'
        when sentiment_score >= {{ var('mood_fair_from') }} then 'fair'
        else 'bad'
    end as mood,
    {{ build_id() }} as build_id
from topics
where tickets > 0
order by tickets desc, topic asc
