{%- set metrics = [
    'qa_checked',
    'qa_total_score',
] -%}

{{ agent_day_report(
    'hotline',
    'quality_days',
    source('hotline', 'quality_days'),
    metrics,
    agent='agent_name'
) }}
