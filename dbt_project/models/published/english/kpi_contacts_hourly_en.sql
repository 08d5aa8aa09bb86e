{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_contacts_hourly',
    {'weekday_name': 'weekday', 'channel': 'channel', 'team_name': 'team', 'priority': 'priority'},
    'en',
) }}
