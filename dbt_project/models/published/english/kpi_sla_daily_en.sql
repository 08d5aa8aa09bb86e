{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_sla_daily',
    {'metric': 'sla_metric', 'channel': 'channel', 'team_name': 'team', 'priority': 'priority'},
    'en',
) }}
