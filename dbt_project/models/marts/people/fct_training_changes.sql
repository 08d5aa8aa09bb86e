with

agents as (

    select source_system, account_id, agent_id, person_key
    from {{ ref('dim_agents') }}

),

calls as (

    select
        source_system,
        account_id,
        agent_id,
        coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) + coalesce(after_call_seconds, 0)
            as handle_seconds,
        {{ local_date('started_at') }} as started_date
    from {{ ref('int_calls__unioned') }}
    where answered_at is not null and talk_seconds is not null

),

-- What each agent did, a value a record, where more is better (csat, mastery, qa_score) or worse.
records as (

    select
        'qa_score' as kpi,
        source_system,
        account_id,
        agent_id,
        reviewed_date as local_date,
        score as value
    from {{ ref('fct_qa_reviews') }}
    where not is_deleted and score is not null

    union all

    select
        'qa_error' as kpi,
        source_system,
        account_id,
        agent_id,
        reviewed_date as local_date,
        case when has_service_error then 1 else 0 end as value
    from {{ ref('fct_qa_reviews') }}
    where not is_deleted

    union all

    select
        'csat' as kpi,
        source_system,
        account_id,
        agent_id,
        answered_date as local_date,
        case when is_satisfied then 1 else 0 end as value
    from {{ ref('fct_surveys') }}
    where is_answered

    union all

    select
        'handle_time' as kpi,
        source_system,
        account_id,
        agent_id,
        started_date as local_date,
        handle_seconds as value
    from calls

    union all

    select
        'mastery' as kpi,
        source_system,
        account_id,
        agent_id,
        sat_date as local_date,
        cast(correct_count as double) / nullif(question_count, 0) as value
    from {{ ref('fct_exams') }}
    where attempt_no = 1 and exam_kind in ('before', 'after')

),

by_person as (

    select
        records.kpi,
        agents.person_key,
        records.local_date,
        records.value
    from records
    inner join agents
        on
            agents.source_system = records.source_system
            and agents.account_id = records.account_id
            and agents.agent_id = records.agent_id
    where records.value is not null

),

courses as (

    select
        source_system,
        account_id,
        course_id,
        min(started_date) as started_date,
        max(completed_date) as completed_date
    from {{ ref('fct_training') }}
    group by source_system, account_id, course_id

),

trained as (

    select distinct
        source_system,
        account_id,
        course_id,
        person_key,
        team_name
    from {{ ref('fct_training') }}

),

sat as (

    select distinct source_system, account_id, course_id, person_key
    from {{ ref('fct_exams') }}
    where arm = 'control'

),

-- The control group sat the course's exams without taking it; where nobody did, who then worked in
-- a team of those who took it.
teammates as (

    select distinct
        courses.source_system,
        courses.account_id,
        courses.course_id,
        spans.employee_key as person_key
    from courses
    inner join trained
        on
            trained.source_system = courses.source_system
            and trained.account_id = courses.account_id
            and trained.course_id = courses.course_id
    inner join {{ ref('int_employee_spans') }} as spans
        on
            spans.account_id = courses.account_id
            and spans.team_name = trained.team_name
            and spans.valid_from <= courses.started_date
            and courses.completed_date < spans.valid_to
    anti join sat
        on
            sat.source_system = courses.source_system
            and sat.account_id = courses.account_id
            and sat.course_id = courses.course_id

),

controls as (

    select *
    from sat

    union

    select *
    from teammates

),

arms as (

    select distinct source_system, account_id, course_id, person_key, 'trained' as arm
    from trained

    union all

    select
        controls.source_system,
        controls.account_id,
        controls.course_id,
        controls.person_key,
        'control' as arm
    from controls
    anti join trained
        on
            trained.source_system = controls.source_system
            and trained.account_id = controls.account_id
            and trained.course_id = controls.course_id
            and trained.person_key = controls.person_key

),

spans as (

    select
        *,
        started_date - cast({{ kpi_parameter('training_effect', 'before_days') }} as integer)
            as before_date,
        completed_date + cast({{ kpi_parameter('training_effect', 'after_days') }} as integer)
            as after_date
    from courses

)

-- One arm a person and course; each record lies before, after or outside.
select
    arms.source_system,
    arms.account_id,
    arms.course_id,
    by_person.kpi,
    arms.arm,
    arms.person_key,
    count(*) filter (where by_person.local_date < spans.started_date) as before_count,
    count(*) filter (where by_person.local_date >= spans.completed_date) as after_count,
    {{ exact_mean('by_person.value', where='by_person.local_date < spans.started_date') }}
        as before_mean,
    {{ exact_mean('by_person.value', where='by_person.local_date >= spans.completed_date') }}
        as after_mean,
    spans.started_date,
    spans.completed_date
from arms
inner join spans
    on
        spans.source_system = arms.source_system
        and spans.account_id = arms.account_id
        and spans.course_id = arms.course_id
inner join by_person
    on
        by_person.person_key = arms.person_key
        and by_person.local_date >= spans.before_date
        and by_person.local_date < spans.after_date
where
    by_person.local_date < spans.started_date
    or by_person.local_date >= spans.completed_date
group by
    arms.source_system,
    arms.account_id,
    arms.course_id,
    by_person.kpi,
    arms.arm,
    arms.person_key,
    spans.started_date,
    spans.completed_date
