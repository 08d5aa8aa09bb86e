{{ config(materialized='view') }}

select
    source_system,
    account_id,
    {{ hash_key(['source_system', 'account_id', 'review_id']) }} as review_key,
    review_id,
    conversation_id,
    agent_id,
    reviewer_id,
    scorecard,
    channel_raw,
    question_type,
    level,
    appeal_state,
    total_score,
    max_score,
    first_total_score,
    is_score_changed,
    is_fatal,
    is_agent_solved,
    is_question_solved,
    is_example,
    is_deleted,
    session_started_at,
    session_ended_at,
    reviewed_at
from {{ ref('stg_quality__reviews') }}
