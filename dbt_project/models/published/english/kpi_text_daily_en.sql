{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_text_daily',
    {'channel': 'channel', 'team_name': 'team', 'priority': 'priority', 'topic': 'topic'},
    'en',
) }}
