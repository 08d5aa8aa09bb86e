with

surveys as (

    select *
    from {{ ref('int_surveys__answered') }}

),

places as (

    select survey_key, source_system, account_id, agent_id
    from {{ ref('int_surveys__placed') }}

),

tickets as (

    select
        ticket_key,
        ticket_id,
        shop,
        channel,
        team_id,
        team_name,
        priority,
        customer_key,
        closer_id,
        exclusion_reason,
        in_p2
    from {{ ref('int_tickets__classified') }}

)

-- Satisfaction alone: effort and recommendation have scales of their own. A survey belongs to one
-- ticket or none. Ratings of deleted and merged tickets count, of spam they don't; one whose ticket
-- was never exported counts without its ticket's attributes.
select
    surveys.survey_key,
    surveys.ticket_key,
    coalesce(tickets.ticket_id, 'unknown') as ticket_id,
    coalesce(tickets.customer_key, 'unknown') as customer_key,
    places.source_system,
    places.account_id,
    coalesce(tickets.shop, places.account_id) as shop,
    coalesce(tickets.channel, 'unknown') as channel,
    coalesce(tickets.team_id, 'unknown') as team_id,
    coalesce(tickets.team_name, 'unknown') as team_name,
    coalesce(tickets.priority, 'none') as priority,
    coalesce(places.agent_id, tickets.closer_id, 'unknown') as agent_id,
    surveys.kind,
    surveys.score_raw,
    surveys.score_norm,
    surveys.sentiment,
    coalesce(tickets.in_p2, false) as in_p2,
    surveys.answered_at is not null as is_answered,
    coalesce(surveys.sentiment = 'good', false) as is_satisfied,
    coalesce(surveys.sentiment = 'bad', false) as is_dissatisfied,
    surveys.is_time_estimated,
    {{ local_date('surveys.invited_at') }} as invited_date,
    {{ local_date('surveys.answered_at') }} as answered_date,
    surveys.invited_at,
    surveys.answered_at
from surveys
inner join places on places.survey_key = surveys.survey_key
left join tickets on tickets.ticket_key = surveys.ticket_key
where
    surveys.kind = 'csat'
    and coalesce(tickets.exclusion_reason, 'none') in ('none', 'deleted', 'merged')
order by coalesce(surveys.answered_at, surveys.invited_at), surveys.survey_key
