select
    source_system,
    account_id,
    ticket_id as survey_id,
    ticket_id,
    customer_id,
    assignee_id as agent_id,
    team_id,
    cast(score as text) as score_raw,
    (score - 1) / 4.0 as score_norm,
    case
        when score >= 4 then 'good'
        when score = 3 then 'neutral'
        else 'bad'
    end as sentiment,
    updated_at as created_at,
    updated_at
from {{ ref('stg_qidian__sessions') }}
where score between 1 and 5
