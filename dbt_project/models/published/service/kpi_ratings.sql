with

ratings as (

    select *
    from {{ ref('fct_surveys') }}
    where kind = 'csat' and is_answered and score is not null

),

tickets as (

    select ticket_key, topic
    from {{ ref('fct_tickets') }}

),

graded as (

    select
        ratings.*,
        coalesce(tickets.topic, 'unknown') as topic,
        cast(round(ratings.score) as integer) as rating
    from ratings
    left join tickets on tickets.ticket_key = ratings.ticket_key

)

select
    answered_date as local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    topic,
    rating,
    count(*) as answers,
    -- Below the middle to the left of a diverging chart; the middle itself takes no side.
    cast(sum(sign(rating - 3)) as bigint) as signed_answers,
    {{ build_id() }} as build_id
from graded
group by
    answered_date, source_system, account_id, shop, channel, team_name, priority, topic, rating
order by local_date, rating
