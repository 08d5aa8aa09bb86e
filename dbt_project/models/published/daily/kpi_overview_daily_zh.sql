{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_overview_daily',
    {'channel': 'channel', 'team_name': 'team', 'priority': 'priority'},
    'zh',
) }}
