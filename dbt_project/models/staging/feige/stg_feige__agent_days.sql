{%- set metrics = [
    'sessions_received',
    'received_persons',
    'three_minute_reply_session_rate',
    'three_minute_reply_rate',
    'first_response_seconds',
    'average_response_seconds',
    'average_response_new_seconds',
    'satisfaction_rate',
    'dissatisfaction_rate',
    'inquiring_persons',
    'ordering_persons',
    'buying_persons',
    'inquiry_final_payment_rate',
    'online_seconds',
    'break_seconds',
    'offline_seconds',
] -%}

{{ agent_day_report(
    'feige',
    'agent_days',
    source('feige', 'agent_days'),
    metrics,
    agent='agent_nick',
    login='agent_login'
) }}
