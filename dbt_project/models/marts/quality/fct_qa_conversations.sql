with

tickets as (

    select
        source_system,
        account_id,
        ticket_id as conversation_id,
        channel,
        team_name,
        coalesce(closer_id, 'unknown') as agent_id,
        coalesce(last_solved_at, closed_at) as closed_at
    from {{ ref('int_tickets__classified') }}
    where in_p3 and in_p5 and coalesce(last_solved_at, closed_at) is not null

),

-- Of a contact that was handed on, whoever spoke last.
calls as (

    select
        source_system,
        account_id,
        contact_id as conversation_id,
        'phone' as channel,
        'unknown' as team_name,
        coalesce(agent_id, 'unknown') as agent_id,
        ended_at as closed_at
    from {{ ref('int_calls__unioned') }}
    where answered_at is not null and ended_at is not null
    qualify row_number() over (partition by contact_key order by leg_no desc, call_key asc) = 1

),

conversations as (

    select *
    from tickets

    union all

    select *
    from calls

),

-- A sheet of reviews names the conversation, not the system it was held in.
reviewed as (

    select distinct account_id, conversation_id
    from {{ ref('int_qa_reviews__unioned') }}
    where not is_deleted

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

dated as (

    select
        *,
        {{ local_date('closed_at') }} as closed_date
    from conversations

)

-- One account and at most one mark a conversation.
select
    {{ hash_key(['dated.source_system', 'dated.account_id', 'dated.conversation_id']) }}
        as conversation_key,
    dated.source_system,
    dated.account_id,
    dated.conversation_id,
    dated.channel,
    dated.team_name,
    dated.agent_id,
    reviewed.conversation_id is not null as is_reviewed,
    dated.closed_date
    + cast({{ kpi_parameter('qa_coverage', 'window_days') }} as integer) <= accounts.as_of_date
        as is_review_matured,
    dated.closed_date
from dated
inner join accounts
    on
        accounts.source_system = dated.source_system
        and accounts.account_id = dated.account_id
left join reviewed
    on
        reviewed.account_id = dated.account_id
        and reviewed.conversation_id = dated.conversation_id
order by dated.closed_date, conversation_key
