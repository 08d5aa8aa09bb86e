{%- set metrics = [
    'outbound_calls',
    'connected_calls',
    'outbound_talk_seconds',
] -%}

{{ agent_day_report(
    'hotline',
    'outbound_days',
    source('hotline', 'outbound_days'),
    metrics,
    agent='agent_name'
) }}
