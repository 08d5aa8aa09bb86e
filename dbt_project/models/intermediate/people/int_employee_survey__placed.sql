with

answers as (

    select *
    from {{ ref('int_employee_survey__unioned') }}

),

dimensions as (

    select alias, dimension
    from {{ ref('survey_dimensions') }}

)

-- A name is one dimension. Scores of any scale are brought to 1 to 5; a recommendation stays on its
-- own of 0 to 10.
select
    answers.source_system,
    answers.account_id,
    answers.survey_id,
    answers.respondent_id,
    coalesce(answers.team_name, 'unknown') as team_name,
    coalesce(dimensions.dimension, lower(answers.dimension)) as dimension,
    case
        when dimensions.dimension = 'recommendation' then cast(answers.score as double)
        else
            1 + 4.0 * (answers.score - answers.scale_min)
            / nullif(answers.scale_max - answers.scale_min, 0)
    end as score,
    answers.asked_date
from answers
left join dimensions
    on dimensions.alias = lower(answers.dimension)
where answers.score is not null
