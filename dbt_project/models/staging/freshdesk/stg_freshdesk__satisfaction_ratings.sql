with

source as (

    {{ newest_versions(source('freshdesk', 'satisfaction_ratings'), ['id'], [
        'id',
        'ticket_id',
        'user_id',
        'agent_id',
        'group_id',
        'ratings',
        'created_at',
        'updated_at',
    ]) }}

),

scored as (

    select
        *,
        cast({{ json_text('ratings', '$.default_question') }} as integer) as score
    from source

)

-- The seven scores are ranks, not amounts: 103, 102, 101 happy, 100 neutral, -101, -102, -103 not.
select
    'freshdesk' as source_system,
    _account_id as account_id,
    id as survey_id,
    ticket_id,
    user_id as customer_id,
    agent_id,
    group_id as team_id,
    cast(score as text) as score_raw,
    case
        when score between 100 and 103 then (score - 97) / 6.0
        when score between -103 and -101 then (score + 103) / 6.0
    end as score_norm,
    case
        when score between 101 and 103 then 'good'
        when score = 100 then 'neutral'
        when score between -103 and -101 then 'bad'
    end as sentiment,
    {{ utc_timestamp('created_at') }} as created_at,
    coalesce({{ utc_timestamp('updated_at') }}, {{ utc_timestamp('created_at') }}) as updated_at
from scored
