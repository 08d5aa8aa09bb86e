with

source as (

    {{ newest_versions(
        source('workforce', 'employee_survey'),
        ['survey_id', 'respondent', 'question'],
        [
            'survey_id',
            'respondent',
            'question',
            'dimension',
            'team',
            'score',
            'scale_min',
            'scale_max',
            'asked_on',
        ],
    ) }}

)

select
    'workforce' as source_system,
    _account_id as account_id,
    survey_id,
    respondent as respondent_id,
    question,
    case when lower(dimension) in ('enps', '推荐', '推荐度') then 'enps' else lower(dimension) end
        as dimension,
    team as team_name,
    cast(score as decimal(9, 3)) as score,
    cast(
        coalesce(
            scale_min,
            case when lower(dimension) in ('enps', '推荐', '推荐度') then '0' else '1' end
        ) as decimal(9, 3)
    ) as scale_min,
    cast(
        coalesce(
            scale_max,
            case when lower(dimension) in ('enps', '推荐', '推荐度') then '10' else '5' end
        ) as decimal(9, 3)
    ) as scale_max,
    cast(asked_on as date) as asked_date
from source
