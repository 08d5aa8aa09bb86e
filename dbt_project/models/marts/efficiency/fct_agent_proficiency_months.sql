with

assessments as (

    select *
    from {{ ref('int_skill_assessments') }}

),

parameters as (

    select
        {{ limit_of('agent_proficiency', '*', 'exam_weight') }} as exam_weight,
        {{ limit_of('agent_proficiency', '*', 'knowledge_weight') }} as knowledge_weight,
        {{ limit_of('agent_proficiency', '*', 'accuracy_weight') }} as accuracy_weight,
        cast({{ limit_of('agent_proficiency', '*', 'exam_valid_days') }} as integer)
            as exam_valid_days
    from {{ ref('kpi_parameters') }}

),

months as (

    select distinct month_start, cast(month_start + interval 1 month as date) as next_month_start
    from {{ ref('dim_dates') }}
    where
        date_day <= (
            select max(accounts.as_of_date)
            from {{ ref('int_accounts__as_of') }} as accounts
        )

),

-- A course by many skills is one exam all the same; of a course the last one up to the month's end.
exams as (

    select distinct
        assessments.source_system,
        assessments.account_id,
        assessments.agent_id,
        assessments.employee_key,
        assessments.assessment,
        assessments.score,
        months.month_start
    from assessments
    cross join parameters
    inner join months
        on
            assessments.assessed_date < months.next_month_start
            and assessments.assessed_date >= months.month_start - parameters.exam_valid_days
            and coalesce(assessments.next_sat_date >= months.next_month_start, true)
    where assessments.kind = 'exam'

),

reviews as (

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        assessment,
        cast(date_trunc('month', assessed_date) as date) as month_start,
        {{ exact_mean('score', where="skill = 'knowledge'") }} as knowledge_score,
        bool_or(has_information_error) as has_information_error
    from assessments
    where kind = 'review'
    group by source_system, account_id, agent_id, employee_key, assessment, month_start

),

parts as (

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        month_start,
        {{ exact_mean('score') }} as exam_score,
        cast(null as double) as knowledge_score,
        cast(null as double) as accuracy_score,
        0 as review_count
    from exams
    group by source_system, account_id, agent_id, employee_key, month_start

    union all

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        month_start,
        cast(null as double) as exam_score,
        {{ exact_mean('knowledge_score') }} as knowledge_score,
        avg(case when has_information_error then 0 else 100 end) as accuracy_score,
        count(*) as review_count
    from reviews
    group by source_system, account_id, agent_id, employee_key, month_start

),

joined as (

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        month_start,
        max(exam_score) as exam_score,
        max(knowledge_score) as knowledge_score,
        max(accuracy_score) as accuracy_score,
        sum(review_count) as review_count
    from parts
    group by source_system, account_id, agent_id, employee_key, month_start

),

weighted as (

    select
        joined.*,
        case when joined.exam_score is null then 0 else parameters.exam_weight end
        + case when joined.knowledge_score is null then 0 else parameters.knowledge_weight end
        + case when joined.accuracy_score is null then 0 else parameters.accuracy_weight end
            as weight_present,
        coalesce(parameters.exam_weight * joined.exam_score, 0)
        + coalesce(parameters.knowledge_weight * joined.knowledge_score, 0)
        + coalesce(parameters.accuracy_weight * joined.accuracy_score, 0) as points
    from joined
    cross join parameters

),

-- Of an employee the row in force at the month's end, else the last one before.
roster as (

    select
        weighted.employee_key,
        weighted.month_start,
        max_by(roster.team_name, roster.valid_from) as team_name,
        max(roster.valid_to) as valid_to
    from (select distinct employee_key, month_start from weighted) as weighted
    inner join {{ ref('int_roster__versioned') }} as roster
        on
            roster.employee_key = weighted.employee_key
            and roster.valid_from < weighted.month_start + interval 1 month
    group by weighted.employee_key, weighted.month_start

)

-- An exam outlasts its month, but not the employment.
select
    {{ hash_key([
        'weighted.source_system',
        'weighted.account_id',
        'weighted.agent_id',
        'cast(weighted.month_start as text)',
    ]) }} as proficiency_month_key,
    weighted.source_system,
    weighted.account_id,
    weighted.agent_id,
    coalesce(roster.team_name, 'unknown') as team_name,
    weighted.exam_score,
    weighted.knowledge_score,
    weighted.accuracy_score,
    cast(weighted.review_count as bigint) as review_count,
    cast(weighted.points / nullif(weighted.weight_present, 0) as double) as proficiency_score,
    weighted.exam_score is null
    or weighted.knowledge_score is null
    or weighted.accuracy_score is null as is_reweighted,
    weighted.month_start as month_date
from weighted
left join roster
    on
        roster.employee_key = weighted.employee_key
        and roster.month_start = weighted.month_start
where coalesce(roster.valid_to > weighted.month_start, true)
order by weighted.month_start, weighted.source_system, weighted.account_id, weighted.agent_id
