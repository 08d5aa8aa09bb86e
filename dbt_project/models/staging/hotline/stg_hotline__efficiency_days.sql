{%- set metrics = [
    'online_seconds',
    'busy_seconds',
    'break_seconds',
] -%}

{{ agent_day_report(
    'hotline',
    'efficiency_days',
    source('hotline', 'efficiency_days'),
    metrics,
    agent='agent_name'
) }}
