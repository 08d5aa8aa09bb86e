with

-- What the records of one survey have in common: the ticket; one without a ticket stands alone.
subjects as (

    select
        *,
        coalesce(ticket_key, survey_key) as subject_key
    from {{ ref('int_surveys__unioned') }}

),

records as (

    select
        *,
        row_number() over (
            partition by subject_key, kind
            order by created_at, not is_invitation, try_cast(survey_id as hugeint), survey_id
        ) as record_no
    from subjects

),

-- An invitation opens a survey; the ratings up to the next invitation answer it.
numbered as (

    select
        *,
        count(*) filter (where is_invitation) over (
            partition by subject_key, kind
            order by record_no
            rows between unbounded preceding and current row
        ) as survey_no
    from records

),

surveys as (

    select
        source_system,
        account_id,
        subject_key,
        ticket_key,
        kind,
        survey_no,
        min_by(survey_key, record_no) as survey_key,
        bool_or(is_invitation) as has_invitation,
        bool_or(is_time_estimated) as is_time_estimated,
        max(record_no) filter (where not is_invitation) as answer_no,
        max_by(agent_id, record_no) as agent_id,
        max_by(call_key, record_no) as call_key,
        max_by(customer_id, record_no) as customer_id,
        max_by(channel, record_no) as channel,
        max_by(ticket_system, record_no) as ticket_system,
        max_by(ticket_account_id, record_no) as ticket_account_id,
        min(created_at) filter (where is_invitation) as invited_at
    from numbered
    group by source_system, account_id, subject_key, ticket_key, kind, survey_no

),

-- The last rating wins: one row a survey.
answered as (

    select
        surveys.survey_key,
        surveys.source_system,
        surveys.account_id,
        surveys.ticket_system,
        surveys.ticket_account_id,
        surveys.ticket_key,
        surveys.call_key,
        surveys.customer_id,
        surveys.channel,
        surveys.kind,
        surveys.agent_id,
        answers.score_raw,
        cast(answers.score_norm as double) as score_norm,
        answers.sentiment,
        coalesce(answers.is_graded, false) as is_graded,
        surveys.is_time_estimated,
        -- A record that was changed after its creation began as the invitation; a ticket's own
        -- score tells that there was one.
        case
            when answers.invited_at is not null then answers.invited_at
            when surveys.has_invitation then surveys.invited_at
            when surveys.is_time_estimated or answers.updated_at > answers.created_at
                then answers.created_at
        end as invited_at,
        case when surveys.has_invitation then answers.created_at else answers.updated_at end
            as answered_at
    from surveys
    left join records as answers
        on
            answers.subject_key = surveys.subject_key
            and answers.kind = surveys.kind
            and answers.record_no = surveys.answer_no

)

select *
from answered
