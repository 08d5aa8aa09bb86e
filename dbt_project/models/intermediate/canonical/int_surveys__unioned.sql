with

zendesk_ratings as (

    select *
    from {{ ref('stg_zendesk__satisfaction_ratings') }}

),

zendesk_tickets as (

    select *
    from {{ ref('stg_zendesk__tickets') }}
    where satisfaction_score in ('offered', 'good', 'bad')

),

-- A ticket carries its latest score too; it counts only where no rating record was exported, and
-- its time is then the ticket's last update.
zendesk_ticket_scores as (

    select
        tickets.source_system,
        tickets.account_id,
        'ticket-' || tickets.ticket_id as survey_id,
        tickets.ticket_id,
        tickets.customer_id,
        tickets.assignee_id as agent_id,
        tickets.team_id,
        tickets.satisfaction_score as score_raw,
        nullif(tickets.satisfaction_score, 'offered') as sentiment,
        tickets.satisfaction_score = 'offered' as is_invitation,
        true as is_time_estimated,
        tickets.updated_at as created_at,
        tickets.updated_at
    from zendesk_tickets as tickets
    anti join zendesk_ratings as ratings
        on
            ratings.account_id = tickets.account_id
            and ratings.ticket_id = tickets.ticket_id

),

zendesk as (

    select
        source_system,
        account_id,
        rating_id as survey_id,
        source_system as ticket_system,
        account_id as ticket_account_id,
        ticket_id,
        cast(null as text) as call_id,
        customer_id,
        agent_id,
        team_id,
        cast(null as text) as channel,
        'csat' as kind,
        score_raw,
        case sentiment
            when 'good' then 1.0
            when 'bad' then 0.0
        end as score_norm,
        sentiment,
        is_invitation,
        false as is_time_estimated,
        false as is_graded,
        cast(null as timestamp) as invited_at,
        created_at,
        updated_at
    from zendesk_ratings

    union all

    select
        source_system,
        account_id,
        survey_id,
        source_system as ticket_system,
        account_id as ticket_account_id,
        ticket_id,
        cast(null as text) as call_id,
        customer_id,
        agent_id,
        team_id,
        cast(null as text) as channel,
        'csat' as kind,
        score_raw,
        case sentiment
            when 'good' then 1.0
            when 'bad' then 0.0
        end as score_norm,
        sentiment,
        is_invitation,
        is_time_estimated,
        false as is_graded,
        cast(null as timestamp) as invited_at,
        created_at,
        updated_at
    from zendesk_ticket_scores

),

-- Answers about the tickets of the same helpdesk.
helpdesk_ratings as (

    select *
    from {{ ref('stg_freshdesk__satisfaction_ratings') }}

    union all by name

    select *
    from {{ ref('stg_intercom__ratings') }}

    union all by name

    select *
    from {{ ref('stg_qiyu__evaluations') }}

    union all by name

    select *
    from {{ ref('stg_chatwoot__survey_answers') }}

    union all by name

    select *
    from {{ ref('stg_qidian__scores') }}

),

helpdesks as (

    select
        * replace (coalesce(is_invitation, false) as is_invitation),
        source_system as ticket_system,
        account_id as ticket_account_id,
        'csat' as kind,
        false as is_time_estimated,
        -- A scale of two steps is good or bad, in whatever numbers.
        coalesce(not (source_system = 'qiyu' and score_raw like '2:%'), true) as is_graded
    from helpdesk_ratings

),

survey_tools as (

    select
        *,
        false as is_time_estimated,
        true as is_graded,
        answered_at as created_at,
        answered_at as updated_at
    from {{ ref('stg_surveys__responses') }}

),

-- Ratings that a call carries with it. The scale of a call log is in no order: 1 satisfied,
-- 2 dissatisfied, 3 very satisfied.
call_scores as (

    select
        source_system,
        account_id,
        call_id,
        agent_id,
        rating as score,
        (rating - 1) / 4 as score_norm,
        case when rating >= 4 then 'good' when rating <= 2 then 'bad' else 'neutral' end
            as sentiment,
        coalesce(ended_at, started_at) as rated_at
    from {{ ref('stg_call_sheet__calls') }}
    where rating is not null

    union all by name

    select
        source_system,
        account_id,
        call_id,
        agent_id,
        customer_id,
        evaluation_value as score,
        case evaluation_value when 2 then 0.0 when 1 then 0.5 when 3 then 1.0 end as score_norm,
        case when evaluation_value = 2 then 'bad' else 'good' end as sentiment,
        coalesce(ended_at, started_at) as rated_at
    from {{ ref('stg_call_sheet__call_log') }}
    where evaluation_value in (1, 2, 3)

),

call_ratings as (

    select
        source_system,
        account_id,
        'call-' || call_id as survey_id,
        call_id,
        customer_id,
        agent_id,
        'phone' as channel,
        'csat' as kind,
        cast(score as text) as score_raw,
        score_norm,
        sentiment,
        false as is_invitation,
        false as is_time_estimated,
        true as is_graded,
        rated_at as created_at,
        rated_at as updated_at
    from call_scores

),

unioned as (

    select *
    from zendesk

    union all by name

    select *
    from helpdesks

    union all by name

    select *
    from survey_tools

    union all by name

    select *
    from call_ratings

)

-- A survey may come from another system than the ticket that it is about.
select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'survey_id']) }} as survey_key,
    {{ hash_key(['ticket_system', 'ticket_account_id', 'ticket_id']) }} as ticket_key,
    {{ hash_key(['source_system', 'account_id', 'call_id']) }} as call_key,
    survey_id,
    ticket_system,
    ticket_account_id,
    ticket_id,
    customer_id,
    agent_id,
    team_id,
    channel,
    kind,
    score_raw,
    score_norm,
    sentiment,
    is_invitation,
    is_time_estimated,
    is_graded,
    invited_at,
    created_at,
    updated_at
from unioned
