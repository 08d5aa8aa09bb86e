{{ config(materialized='view') }}

select
    source_system,
    account_id,
    survey_id,
    respondent_id,
    question,
    dimension,
    team_name,
    score,
    scale_min,
    scale_max,
    asked_date
from {{ ref('stg_workforce__employee_survey') }}
