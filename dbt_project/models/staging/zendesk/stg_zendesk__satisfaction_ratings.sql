with

source as (

    {{ newest_versions(source('zendesk', 'satisfaction_ratings'), ['id'], [
        'id',
        'ticket_id',
        'requester_id',
        'assignee_id',
        'group_id',
        'score',
        'created_at',
        'updated_at',
    ]) }}

)

select
    'zendesk' as source_system,
    _account_id as account_id,
    id as rating_id,
    ticket_id,
    requester_id as customer_id,
    assignee_id as agent_id,
    group_id as team_id,
    lower(score) as score_raw,
    case
        when lower(score) like 'good%' then 'good'
        when lower(score) like 'bad%' then 'bad'
    end as sentiment,
    lower(score) = 'offered' as is_invitation,
    {{ utc_timestamp('created_at') }} as created_at,
    {{ utc_timestamp('updated_at') }} as updated_at
from source
where lower(score) in ('offered', 'good', 'bad', 'good_with_comment', 'bad_with_comment')
