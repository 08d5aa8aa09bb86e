with

answers as (

    select *
    from {{ ref('int_employee_survey__placed') }}

),

limits as (

    select
        cast({{ kpi_parameter('employee_satisfaction', 'smallest_group') }} as integer)
            as smallest_group

),

sizes as (

    select
        source_system,
        account_id,
        survey_id,
        team_name,
        max(asked_date) as asked_date,
        count(distinct respondent_id) as respondent_count
    from answers
    group by source_system, account_id, survey_id, team_name

),

-- Teams too small to be shown are one group; if that is too small itself, nothing is shown of it,
-- in totals neither, or it could be found by subtraction.
teams as (

    select
        sizes.*,
        case
            when sizes.respondent_count < limits.smallest_group then 'withheld'
            else sizes.team_name
        end as group_name
    from sizes
    cross join limits

),

spans as (

    select account_id, team_name, employee_key, valid_from, valid_to
    from {{ ref('int_employee_spans') }}

),

invited as (

    select
        teams.source_system,
        teams.account_id,
        teams.survey_id,
        teams.group_name,
        count(distinct spans.employee_key) as invited_count
    from teams
    left join spans
        on
            spans.account_id = teams.account_id
            and spans.team_name = teams.team_name
            and spans.valid_from <= teams.asked_date
            and teams.asked_date < spans.valid_to
    group by teams.source_system, teams.account_id, teams.survey_id, teams.group_name

),

grouped as (

    select
        answers.source_system,
        answers.account_id,
        answers.survey_id,
        teams.group_name,
        answers.dimension,
        max(answers.asked_date) as asked_date,
        count(distinct answers.respondent_id) as respondent_count,
        count(*) as answer_count,
        {{ exact_sum('answers.score') }} as score_sum,
        {{ exact_sum('answers.score * answers.score') }} as score_square_sum,
        count(*) filter (where answers.dimension = 'recommendation' and answers.score >= 9)
            as promoter_count,
        count(*) filter (where answers.dimension = 'recommendation' and answers.score <= 6)
            as detractor_count
    from answers
    inner join teams
        on
            teams.source_system = answers.source_system
            and teams.account_id = answers.account_id
            and teams.survey_id = answers.survey_id
            and teams.team_name = answers.team_name
    group by
        answers.source_system,
        answers.account_id,
        answers.survey_id,
        teams.group_name,
        answers.dimension

),

-- Who answered at all is counted once a group, under a dimension of its own.
responses as (

    select
        teams.source_system,
        teams.account_id,
        teams.survey_id,
        teams.group_name,
        'response' as dimension,
        max(teams.asked_date) as asked_date,
        sum(teams.respondent_count) as respondent_count,
        cast(null as bigint) as answer_count,
        cast(null as double) as score_sum,
        cast(null as double) as score_square_sum,
        cast(null as bigint) as promoter_count,
        cast(null as bigint) as detractor_count
    from teams
    group by teams.source_system, teams.account_id, teams.survey_id, teams.group_name

),

rows_of_groups as (

    select *
    from grouped

    union all

    select *
    from responses

),

guarded as (

    select
        rows_of_groups.*,
        rows_of_groups.dimension != 'response'
        and rows_of_groups.respondent_count < limits.smallest_group as is_suppressed
    from rows_of_groups
    cross join limits

)

-- One invitation count a group. A team that the roster does not know invited at least who answered.
select
    {{ hash_key([
        'guarded.source_system',
        'guarded.account_id',
        'guarded.survey_id',
        'guarded.group_name',
        'guarded.dimension',
    ]) }} as survey_group_key,
    guarded.source_system,
    guarded.account_id,
    guarded.survey_id,
    guarded.group_name as team_name,
    guarded.dimension,
    case when guarded.dimension = 'response' then cast(guarded.respondent_count as bigint) end
        as respondent_count,
    case
        when guarded.dimension = 'response'
            then greatest(invited.invited_count, cast(guarded.respondent_count as bigint))
    end as invited_count,
    case when not guarded.is_suppressed then guarded.answer_count end as answer_count,
    case when not guarded.is_suppressed then guarded.score_sum end as score_sum,
    case when not guarded.is_suppressed then guarded.score_square_sum end as score_square_sum,
    case when not guarded.is_suppressed then guarded.promoter_count end as promoter_count,
    case when not guarded.is_suppressed then guarded.detractor_count end as detractor_count,
    guarded.is_suppressed,
    guarded.asked_date
from guarded
inner join invited
    on
        invited.source_system = guarded.source_system
        and invited.account_id = guarded.account_id
        and invited.survey_id = guarded.survey_id
        and invited.group_name = guarded.group_name
order by guarded.asked_date, survey_group_key
