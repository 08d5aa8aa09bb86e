with

assessments as (

    select *, cast(date_trunc('quarter', assessed_date) as date) as quarter_date
    from {{ ref('int_skill_assessments') }}

),

skills as (

    select skill, target_score
    from {{ ref('skills') }}

),

-- Of an exam the last attempt within the quarter.
counted as (

    select *
    from assessments
    where coalesce(next_sat_date >= quarter_date + interval 3 month, true)

),

-- Exams and reviews weigh the same however many there are of either.
by_kind as (

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        skill,
        quarter_date,
        kind,
        {{ exact_mean('score') }} as score,
        count(*) as assessment_count
    from counted
    group by source_system, account_id, agent_id, employee_key, skill, quarter_date, kind

),

assessed as (

    select
        source_system,
        account_id,
        agent_id,
        employee_key,
        skill,
        quarter_date,
        {{ exact_mean('score') }} as assessed_score,
        sum(assessment_count) as assessment_count
    from by_kind
    group by source_system, account_id, agent_id, employee_key, skill, quarter_date

),

roster as (

    select
        assessed.employee_key,
        assessed.quarter_date,
        max_by(roster.team_name, roster.valid_from) as team_name
    from (select distinct employee_key, quarter_date from assessed) as assessed
    inner join {{ ref('int_roster__versioned') }} as roster
        on
            roster.employee_key = assessed.employee_key
            and roster.valid_from < assessed.quarter_date + interval 3 month
    group by assessed.employee_key, assessed.quarter_date

)

-- A skill has one target, an employee one team at the quarter's end.
select
    {{ hash_key([
        'assessed.source_system',
        'assessed.account_id',
        'assessed.agent_id',
        'assessed.skill',
        'cast(assessed.quarter_date as text)',
    ]) }} as skill_gap_key,
    assessed.source_system,
    assessed.account_id,
    assessed.agent_id,
    coalesce(roster.team_name, 'unknown') as team_name,
    assessed.skill,
    cast(skills.target_score as double) as target_score,
    cast(assessed.assessed_score as double) as assessed_score,
    cast(skills.target_score - assessed.assessed_score as double) as gap_points,
    cast(assessed.assessment_count as bigint) as assessment_count,
    assessed.quarter_date
from assessed
inner join skills on skills.skill = assessed.skill
left join roster
    on
        roster.employee_key = assessed.employee_key
        and roster.quarter_date = assessed.quarter_date
order by
    assessed.quarter_date,
    assessed.source_system,
    assessed.account_id,
    assessed.agent_id,
    assessed.skill
