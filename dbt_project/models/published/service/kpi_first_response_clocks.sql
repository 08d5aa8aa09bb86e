{{ config(materialized='view') }}
{%- set clocks = ['calendar', 'business'] %}

{%- for clock in clocks %}
select
    ticket_key,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    created_date,
    created_hour,
    created_weekday,
    '{{ clock }}' as clock,
    first_response_{{ clock }}_seconds as first_response_seconds,
    build_id
from {{ ref('kpi_ticket_durations') }}
where first_response_{{ clock }}_seconds is not null
{{- "\n\nunion all\n" if not loop.last }}
{%- endfor %}
