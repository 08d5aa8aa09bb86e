{%- set metrics = [
    'inbound_calls',
    'answered_calls',
    'inbound_talk_seconds',
    'ratings_invited',
    'ratings_received',
    'satisfaction_rate',
] -%}

{{ agent_day_report(
    'hotline',
    'inbound_days',
    source('hotline', 'inbound_days'),
    metrics,
    agent='agent_name'
) }}
