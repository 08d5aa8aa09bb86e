with

source as (

    {{ newest_versions(source('intercom', 'conversations'), ['id'], [
        'id',
        'team_assignee_id',
        'conversation_rating',
    ]) }}

),

scored as (

    select
        *,
        cast({{ json_text('conversation_rating', '$.rating') }} as integer) as rating,
        {{ utc_wall_time(
            'to_timestamp(cast(' ~ json_text('conversation_rating', '$.created_at') ~ ' as double))'
        ) }} as rated_at
    from source

)

select
    'intercom' as source_system,
    _account_id as account_id,
    id as survey_id,
    id as ticket_id,
    {{ json_text('conversation_rating', '$.contact.id') }} as customer_id,
    {{ json_text('conversation_rating', '$.teammate.id') }} as agent_id,
    nullif(team_assignee_id, '0') as team_id,
    cast(rating as text) as score_raw,
    (rating - 1) / 4.0 as score_norm,
    case
        when rating >= 4 then 'good'
        when rating = 3 then 'neutral'
        else 'bad'
    end as sentiment,
    rated_at as created_at,
    rated_at as updated_at
from scored
where rating between 1 and 5 and rated_at is not null
