with

sessions as (

    select
        *,
        -- The same number means different things on the scales of 2, 3 and 5 steps.
        case
            when evaluation_type = '2' and evaluation in (100, 1) then evaluation
            when evaluation_type = '3' and evaluation in (100, 50, 1) then evaluation
            when evaluation_type = '5' and evaluation in (100, 75, 50, 25, 1) then evaluation
        end as score
    from {{ ref('stg_qiyu__sessions') }}
    where invited_at is not null or rated_at is not null

)

select
    source_system,
    account_id,
    session_id as survey_id,
    ticket_id,
    customer_id,
    agent_id,
    team_id,
    evaluation_type || ':' || score as score_raw,
    case when score = 1 then 0.0 else score / 100.0 end as score_norm,
    case
        when score > 50 then 'good'
        when score = 50 then 'neutral'
        when score < 50 then 'bad'
    end as sentiment,
    score is null or rated_at is null as is_invitation,
    invited_at,
    coalesce(rated_at, invited_at) as created_at,
    coalesce(rated_at, invited_at) as updated_at
from sessions
