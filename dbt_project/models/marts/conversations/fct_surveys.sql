with

surveys as (

    select *
    from {{ ref('int_surveys__answered') }}
    where kind in ('csat', 'nps', 'ces')

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

),

calls as (

    select source_system, account_id, call_key, customer_id, agent_id
    from {{ ref('int_calls__unioned') }}

),

channels as (

    select channel
    from {{ ref('channels') }}

),

customers as (

    select source_system, account_id, customer_id, customer_key, identity_hash
    from {{ ref('int_customers__unioned') }}

),

-- A survey belongs to one ticket, to one call or to nothing; each has one row.
subjects as (

    select
        surveys.*,
        places.source_system as place_system,
        places.account_id as place_account_id,
        tickets.ticket_id,
        tickets.shop,
        coalesce(
            tickets.channel, case when calls.call_key is not null then 'phone' end, channels.channel
        ) as contact_channel,
        tickets.team_id,
        tickets.team_name,
        tickets.priority,
        coalesce(
            tickets.customer_key,
            {{ hash_key(['calls.source_system', 'calls.account_id', 'calls.customer_id']) }},
            {{ hash_key(['surveys.source_system', 'surveys.account_id', 'surveys.customer_id']) }}
        ) as customer_key,
        calls.call_key as rated_call_key,
        coalesce(places.agent_id, tickets.closer_id, calls.agent_id) as rated_agent_id,
        coalesce(tickets.in_p2, false) as in_p2
    from surveys
    inner join places on places.survey_key = surveys.survey_key
    left join tickets on tickets.ticket_key = surveys.ticket_key
    left join calls on calls.call_key = coalesce(surveys.call_key, surveys.ticket_key)
    left join channels on channels.channel = surveys.channel
    -- Ratings of deleted and merged tickets count, of spam they don't.
    where coalesce(tickets.exclusion_reason, 'none') in ('none', 'deleted', 'merged')

)

-- A customer key is one customer. What was never exported counts without the attributes that it
-- would have had.
select
    subjects.survey_key,
    subjects.ticket_key,
    subjects.rated_call_key as call_key,
    coalesce(subjects.ticket_id, 'unknown') as ticket_id,
    coalesce(customers.customer_key, 'unknown') as customer_key,
    coalesce({{ hash_key(['customers.identity_hash']) }}, 'unknown') as buyer_key,
    subjects.place_system as source_system,
    subjects.place_account_id as account_id,
    coalesce(subjects.shop, subjects.place_account_id) as shop,
    coalesce(subjects.contact_channel, 'unknown') as channel,
    coalesce(subjects.team_id, 'unknown') as team_id,
    coalesce(subjects.team_name, 'unknown') as team_name,
    coalesce(subjects.priority, 'none') as priority,
    coalesce(subjects.rated_agent_id, 'unknown') as agent_id,
    subjects.kind,
    subjects.score_raw,
    subjects.score_norm,
    case
        when subjects.kind = 'nps' then 10 * subjects.score_norm
        when subjects.kind = 'ces' then 1 + 6 * subjects.score_norm
        when subjects.is_graded then 1 + 4 * subjects.score_norm
    end as score,
    subjects.sentiment,
    subjects.in_p2,
    subjects.answered_at is not null as is_answered,
    coalesce(subjects.sentiment = 'good', false) as is_satisfied,
    coalesce(subjects.sentiment = 'bad', false) as is_dissatisfied,
    subjects.is_time_estimated,
    {{ local_date('subjects.invited_at') }} as invited_date,
    {{ local_date('subjects.answered_at') }} as answered_date,
    subjects.invited_at,
    subjects.answered_at
from subjects
left join customers on customers.customer_key = subjects.customer_key
order by coalesce(subjects.answered_at, subjects.invited_at), subjects.survey_key
