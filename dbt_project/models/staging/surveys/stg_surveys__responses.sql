with

source as (

    {{ newest_versions(source('surveys', 'responses'), ['response_id'], [
        'response_id',
        'kind',
        'ticket_system',
        'ticket_account',
        'ticket_id',
        'customer_id',
        'agent',
        'team',
        'channel',
        'score',
        'scale_min',
        'scale_max',
        'best_is_high',
        'answered_at',
    ]) }}

),

-- A reminder repeats the response id with a later stamp: the first one is the invitation.
invitations as (

    select
        _account_id,
        response_id,
        min({{ utc_timestamp('sent_at') }}) as invited_at
    from {{ source('surveys', 'responses') }}
    group by _account_id, response_id

),

-- The scales in use where the export names none.
scaled as (

    select
        *,
        lower(kind) as survey_kind,
        cast(score as decimal(9, 3)) as score_value,
        cast(
            coalesce(
                scale_min,
                case
                    when lower(kind) in ('nps', 'resolved') then '0'
                    else '1'
                end
            )
            as decimal(9, 3)
        ) as lowest,
        cast(
            coalesce(
                scale_max,
                case lower(kind)
                    when 'nps' then '10'
                    when 'ces' then '7'
                    when 'resolved' then '1'
                    else '5'
                end
            )
            as decimal(9, 3)
        ) as highest,
        coalesce(best_is_high, 'true') = 'true' as is_best_high
    from source

),

normed as (

    select
        *,
        case
            when is_best_high then (score_value - lowest) / nullif(highest - lowest, 0)
            else (highest - score_value) / nullif(highest - lowest, 0)
        end as score_norm
    from scaled

)

-- One invitation a response, so the join keeps one row each.
select
    'surveys' as source_system,
    responses._account_id as account_id,
    responses.response_id as survey_id,
    responses.survey_kind as kind,
    responses.ticket_system,
    coalesce(responses.ticket_account, 'default') as ticket_account_id,
    responses.ticket_id,
    responses.customer_id,
    responses.agent as agent_id,
    responses.team as team_id,
    lower(responses.channel) as channel,
    responses.score as score_raw,
    cast(responses.score_norm as double) as score_norm,
    case
        when responses.score_norm is null or responses.survey_kind = 'ces' then null
        when responses.survey_kind = 'nps' and responses.score_norm >= 0.9 then 'good'
        when responses.survey_kind = 'nps' and responses.score_norm >= 0.7 then 'neutral'
        when responses.survey_kind = 'nps' then 'bad'
        when responses.score_norm >= 0.75 then 'good'
        when responses.score_norm <= 0.25 then 'bad'
        else 'neutral'
    end as sentiment,
    responses.score_norm is null as is_invitation,
    invitations.invited_at,
    coalesce({{ utc_timestamp('responses.answered_at') }}, invitations.invited_at) as answered_at
from normed as responses
left join invitations
    on
        invitations._account_id = responses._account_id
        and invitations.response_id = responses.response_id
