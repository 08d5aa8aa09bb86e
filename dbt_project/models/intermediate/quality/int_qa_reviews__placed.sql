with

reviews as (

    select *
    from {{ ref('int_qa_reviews__unioned') }}

),

channel_aliases as (

    select raw_value, channel
    from {{ ref('channel_aliases') }}
    where source_system = 'quality'

),

appeal_states as (

    select alias, is_disputed, is_overturned
    from {{ ref('appeal_state_aliases') }}

),

reviewees as (

    select source_system, account_id, agent_id, person_key
    from {{ ref('int_agents__persons') }}

),

roster as (

    select
        employee_key,
        coalesce(team_name, 'unknown') as team_name,
        valid_from,
        valid_to
    from {{ ref('int_roster__versioned') }}

),

accounts as (

    select source_system, account_id, as_of_date
    from {{ ref('int_accounts__as_of') }}

),

dated as (

    select
        *,
        {{ local_date('reviewed_at') }} as reviewed_date
    from reviews

)

-- An alias is one channel or state, an agent one person, a person of one team a day.
select
    dated.source_system,
    dated.account_id,
    dated.review_key,
    dated.review_id,
    dated.conversation_id,
    dated.agent_id,
    dated.reviewer_id,
    dated.scorecard,
    dated.question_type,
    dated.total_score,
    dated.max_score,
    dated.is_fatal,
    dated.is_example,
    dated.is_deleted,
    dated.reviewed_at,
    dated.reviewed_date,
    coalesce(channel_aliases.channel, 'unknown') as channel,
    coalesce(roster.team_name, 'unknown') as team_name,
    coalesce(appeal_states.is_disputed, dated.appeal_state is not null) as is_disputed,
    coalesce(appeal_states.is_overturned, false) as is_overturned,
    accounts.as_of_date
from dated
left join channel_aliases
    on channel_aliases.raw_value = dated.channel_raw
left join appeal_states
    on appeal_states.alias = lower(dated.appeal_state)
left join reviewees
    on
        reviewees.source_system = dated.source_system
        and reviewees.account_id = dated.account_id
        and reviewees.agent_id = dated.agent_id
left join roster
    on
        roster.employee_key = reviewees.person_key
        and roster.valid_from <= dated.reviewed_date
        and dated.reviewed_date < roster.valid_to
inner join accounts
    on
        accounts.source_system = dated.source_system
        and accounts.account_id = dated.account_id
