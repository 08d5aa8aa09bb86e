{%- set metrics = [
    'sessions_consulted',
    'sessions_received',
    'connection_rate',
    'ratings_invited',
    'rating_invitation_rate',
    'ratings_received',
    'rating_return_rate',
    'sessions_resolved',
    'resolution_rate',
    'resolved_24h_sessions',
    'first_resolution_24h_rate',
    'first_resolution_48h_rate',
    'first_resolution_72h_rate',
    'ratings_good',
    'ratings_neutral',
    'ratings_bad',
    'satisfaction_rate',
    'queue_seconds',
    'first_response_seconds',
    'handling_seconds',
    'first_answered_15s_rate',
    'first_answered_30s_rate',
    'first_answered_60s_rate',
] -%}

{{ agent_day_report(
    'hotline',
    'department_days',
    source('hotline', 'department_days'),
    metrics,
    agent='cast(null as text)',
    department='department'
) }}
