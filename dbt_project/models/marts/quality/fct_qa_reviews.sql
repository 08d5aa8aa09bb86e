with

reviews as (

    select *
    from {{ ref('int_qa_reviews__placed') }}

),

findings as (

    select
        review_key,
        bool_or(is_failed and is_information) as has_information_error,
        bool_or(is_failed and is_service_error) as has_service_error,
        bool_or(is_failed and is_critical) as has_critical_item
    from {{ ref('int_qa_reviews__categories') }}
    group by review_key

),

limits as (

    select
        {{ kpi_parameter('qa_pass_rate', 'pass_mark') }} as pass_mark,
        cast({{ kpi_parameter('qa_dispute_rate', 'window_days') }} as integer) as dispute_days

),

-- One row of findings a review.
judged as (

    select
        reviews.*,
        findings.has_information_error,
        findings.has_service_error,
        coalesce(reviews.is_fatal, false) or findings.has_critical_item as is_critical_failed
    from reviews
    inner join findings
        on findings.review_key = reviews.review_key

),

-- A sheet's bonus may lift a review over its full mark; the score stops there.
scored as (

    select
        *,
        case
            when is_critical_failed then 0.0
            else
                100.0 * least(greatest(cast(total_score as double), 0), max_score)
                / nullif(cast(max_score as double), 0)
        end as score
    from judged

)

select
    scored.review_key,
    scored.review_id,
    scored.source_system,
    scored.account_id,
    scored.conversation_id,
    coalesce(scored.agent_id, 'unknown') as agent_id,
    coalesce(scored.reviewer_id, 'unknown') as reviewer_id,
    scored.scorecard,
    scored.channel,
    scored.team_name,
    coalesce(scored.question_type, 'unknown') as knowledge_area,
    scored.score,
    scored.is_deleted,
    scored.is_critical_failed,
    coalesce(scored.score >= limits.pass_mark and not scored.is_critical_failed, false)
        as is_passed,
    scored.has_information_error,
    scored.has_service_error,
    scored.is_disputed,
    scored.is_overturned,
    scored.reviewed_date + limits.dispute_days <= scored.as_of_date as is_dispute_matured,
    scored.is_example,
    scored.reviewed_date,
    scored.reviewed_at
from scored
cross join limits
order by scored.reviewed_at, scored.review_key
