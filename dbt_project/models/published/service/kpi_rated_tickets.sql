with

ratings as (

    select *
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and ticket_key is not null

),

tickets as (

    select ticket_key, ticket_url, topic
    from {{ ref('fct_tickets') }}

),

moods as (

    select ticket_key, sentiment_mean, model_version
    from {{ ref('fct_ticket_sentiments') }}
    where is_scored

)

-- One ticket a rating, one mood a ticket. What customers wrote stays in the helpdesk.
select
    ratings.survey_key,
    ratings.source_system,
    ratings.account_id,
    ratings.ticket_id,
    tickets.ticket_url,
    ratings.shop,
    ratings.channel,
    ratings.team_name,
    ratings.priority,
    tickets.topic,
    case ratings.sentiment
        when 'good' then 'positive'
        when 'bad' then 'negative'
        else 'neutral'
    end as opinion,
    ratings.score as rating,
    moods.sentiment_mean as mood,
    moods.model_version,
    ratings.answered_date as local_date,
    ratings.answered_at,
    {{ build_id() }} as build_id
from ratings
inner join tickets on tickets.ticket_key = ratings.ticket_key
left join moods on moods.ticket_key = ratings.ticket_key
order by ratings.answered_at, ratings.survey_key
