{%- set metrics = [
    'service_score',
    'consulted_persons',
    'human_needed_persons',
    'received_persons',
    'unreplied_3min_persons',
    'three_minute_reply_rate',
    'answered_within_30s_rate',
    'average_response_seconds',
    'inquiring_persons',
    'buying_persons',
    'inquiry_final_payment_rate',
    'sales_amount',
    'low_rated_orders',
    'dispute_refunds',
    'complaints',
] -%}

{{ agent_day_report(
    'pinduoduo',
    'agent_days',
    source('pinduoduo', 'agent_days'),
    metrics,
    agent='agent_nick',
    shop='coalesce(shop, _account_id)'
) }}
