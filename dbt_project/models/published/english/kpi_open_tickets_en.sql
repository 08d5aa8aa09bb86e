{{ config(materialized='view') }}

{{ kpi_twin(
    'kpi_open_tickets',
    {
        'status': 'status',
        'age_bucket': 'age_bucket',
        'type': 'ticket_type',
        'channel': 'channel',
        'team_name': 'team',
        'priority': 'priority',
    },
    'en',
) }}
