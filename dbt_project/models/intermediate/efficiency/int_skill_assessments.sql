{#- Grain: exam or review, and skill that it tells of. `score` runs from 0 to 100. -#}
with

employees as (

    select account_id, employee_key, employee_no
    from {{ ref('int_roster__versioned') }}
    group by account_id, employee_key, employee_no

),

exams as (

    select
        source_system,
        account_id,
        employee_no as agent_id,
        employee_key,
        course_id,
        100 * score / nullif(max_score, 0) as score,
        sat_date,
        lead(sat_date) over (
            partition by employee_key, course_id order by sat_date, exam_kind, attempt_no
        ) as next_sat_date
    from {{ ref('int_exams__unioned') }}
    where score is not null

),

named_courses as (

    select course_id
    from {{ ref('course_skills') }}

),

-- A course counts for the skills of its own rows, else for those of all courses.
exam_skills as (

    select
        exams.*,
        course_skills.skill
    from exams
    inner join {{ ref('course_skills') }} as course_skills
        on
            course_skills.course_id = case
                when exams.course_id in (select named_courses.course_id from named_courses)
                    then exams.course_id
                else '*'
            end

),

reviews as (

    select
        reviews.source_system,
        reviews.account_id,
        reviews.agent_id,
        reviews.review_key,
        persons.employee_key,
        employees.employee_no,
        employees.account_id as employee_account_id,
        {{ local_date('reviews.reviewed_at') }} as reviewed_date
    from {{ ref('int_qa_reviews__unioned') }} as reviews
    left join {{ ref('int_agents__persons') }} as persons
        on
            persons.source_system = reviews.source_system
            and persons.account_id = reviews.account_id
            and persons.agent_id = reviews.agent_id
    left join employees on employees.employee_key = persons.employee_key
    where not reviews.is_deleted and reviews.agent_id is not null

),

deductions as (

    select
        items.review_key,
        item_skills.skill,
        sum(items.score) as deducted,
        bool_or(item_skills.is_information_error) as has_information_error
    from {{ ref('int_qa_items__unioned') }} as items
    inner join {{ ref('qa_item_skills') }} as item_skills on item_skills.item = items.item
    where items.item_kind = 'deduction'
    group by items.review_key, item_skills.skill

),

reviewed_skills as (

    select distinct skill
    from {{ ref('qa_item_skills') }}

)

select
    'exam' as kind,
    source_system,
    account_id,
    agent_id,
    employee_key,
    skill,
    course_id as assessment,
    cast(score as double) as score,
    false as has_information_error,
    sat_date as assessed_date,
    next_sat_date
from exam_skills

union all

-- Whoever is no employee of a roster stays the agent of the review. A review judges every skill
-- once; one without a deduction has full marks.
select
    'review' as kind,
    case when reviews.employee_key is null then reviews.source_system else 'workforce' end
        as source_system,
    coalesce(reviews.employee_account_id, reviews.account_id) as account_id,
    coalesce(reviews.employee_no, reviews.agent_id) as agent_id,
    reviews.employee_key,
    reviewed_skills.skill,
    reviews.review_key as assessment,
    cast(greatest(100 + coalesce(deductions.deducted, 0), 0) as double) as score,
    coalesce(deductions.has_information_error, false) as has_information_error,
    reviews.reviewed_date as assessed_date,
    cast(null as date) as next_sat_date
from reviews
cross join reviewed_skills
left join deductions
    on
        deductions.review_key = reviews.review_key
        and deductions.skill = reviewed_skills.skill
