with

reviews as (

    select *
    from {{ ref('int_qa_reviews__placed') }}
    where not is_deleted and conversation_id is not null and reviewer_id is not null

),

firsts as (

    select *
    from reviews
    qualify row_number() over (
        partition by source_system, account_id, conversation_id, agent_id
        order by reviewed_at, review_key
    ) = 1

),

-- The second opinion is the earliest review by somebody else.
pairs as (

    select
        firsts.review_key as first_review_key,
        seconds.review_key as second_review_key,
        firsts.source_system,
        firsts.account_id,
        firsts.conversation_id,
        firsts.agent_id,
        firsts.reviewer_id as first_reviewer_id,
        seconds.reviewer_id as second_reviewer_id,
        firsts.scorecard,
        firsts.channel,
        firsts.team_name,
        seconds.reviewed_date
    from firsts
    inner join reviews as seconds
        on
            seconds.source_system = firsts.source_system
            and seconds.account_id = firsts.account_id
            and seconds.conversation_id = firsts.conversation_id
            and seconds.agent_id is not distinct from firsts.agent_id
            and seconds.reviewer_id != firsts.reviewer_id
    qualify row_number() over (
        partition by firsts.review_key order by seconds.reviewed_at, seconds.review_key
    ) = 1

),

verdicts as (

    select review_key, category, is_failed
    from {{ ref('int_qa_reviews__categories') }}

)

-- A category that one sheet alone names was not judged twice; otherwise one verdict a side.
select
    {{ hash_key(['pairs.first_review_key', 'pairs.second_review_key', 'firsts.category']) }}
        as double_review_key,
    pairs.first_review_key,
    pairs.second_review_key,
    pairs.source_system,
    pairs.account_id,
    pairs.conversation_id,
    coalesce(pairs.agent_id, 'unknown') as agent_id,
    pairs.first_reviewer_id,
    pairs.second_reviewer_id,
    pairs.scorecard,
    pairs.channel,
    pairs.team_name,
    firsts.category,
    firsts.is_failed as is_failed_first,
    seconds.is_failed as is_failed_second,
    firsts.is_failed = seconds.is_failed as is_agreed,
    pairs.reviewed_date
from pairs
inner join verdicts as firsts
    on firsts.review_key = pairs.first_review_key
inner join verdicts as seconds
    on
        seconds.review_key = pairs.second_review_key
        and seconds.category = firsts.category
order by pairs.reviewed_date, double_review_key
