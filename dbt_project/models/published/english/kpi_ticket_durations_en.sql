{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_ticket_durations',
    {'channel': 'channel', 'team_name': 'team', 'priority': 'priority'},
    'en',
) }}
