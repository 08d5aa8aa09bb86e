with

source as (

    {{ newest_versions(source('quality', 'reviews'), ['review_id'], [
        'review_id',
        'agent_id',
        'reviewer_id',
        'session_id',
        'source_channel',
        'question_type',
        'scorecard',
        'level',
        'total_score',
        'max_score',
        'is_fatal',
        'is_agent_solved',
        'is_question_solved',
        'is_example',
        'appeal_state',
        'is_deleted',
        'session_started_at',
        'session_ended_at',
        'reviewed_at',
    ]) }}

),

-- An appeal changes the score and leaves no other trace than the versions.
versions as (

    select
        _account_id,
        review_id,
        cast(min_by(total_score, _version_at || _row_hash) as decimal(9, 3)) as first_total_score,
        count(distinct total_score) > 1 as is_score_changed
    from {{ source('quality', 'reviews') }}
    group by _account_id, review_id

)

-- One row a review on both sides.
select
    'quality' as source_system,
    source._account_id as account_id,
    source.review_id,
    source.agent_id,
    source.reviewer_id,
    source.session_id as conversation_id,
    source.source_channel as channel_raw,
    source.question_type,
    coalesce(source.scorecard, 'unknown') as scorecard,
    source.level,
    source.appeal_state,
    cast(source.total_score as decimal(9, 3)) as total_score,
    cast(coalesce(source.max_score, '100') as decimal(9, 3)) as max_score,
    versions.first_total_score,
    versions.is_score_changed,
    coalesce(source.is_fatal, 'false') = 'true' as is_fatal,
    cast(source.is_agent_solved as boolean) as is_agent_solved,
    cast(source.is_question_solved as boolean) as is_question_solved,
    coalesce(source.is_example, 'false') = 'true' as is_example,
    coalesce(source.is_deleted, 'false') = 'true' as is_deleted,
    {{ utc_timestamp('source.session_started_at') }} as session_started_at,
    {{ utc_timestamp('source.session_ended_at') }} as session_ended_at,
    {{ utc_timestamp('source.reviewed_at') }} as reviewed_at
from source
inner join versions
    on
        versions._account_id = source._account_id
        and versions.review_id = source.review_id
