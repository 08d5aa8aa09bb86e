{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_backlog_daily',
    {
        'status': 'status',
        'age_bucket': 'age_bucket',
        'channel': 'channel',
        'team_name': 'team',
        'priority': 'priority',
    },
    'en',
) }}
