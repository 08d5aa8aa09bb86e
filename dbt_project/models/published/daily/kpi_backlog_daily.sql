-- depends_on: {{ ref('fct_backlog_snapshots') }}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'status': 'status',
    'age_bucket': 'age_bucket',
    'age_bucket_no': 'age_bucket_no',
} %}

with

daily as (
    {{ kpi_branches(dimensions, ['backlog'], with_snapshots=true) }}

)

select
    local_date,
    {%- for dimension in dimensions if dimension != 'age_bucket_no' %}
    {{ dimension }},
    {%- endfor %}
    cast(age_bucket_no as integer) as age_bucket_no,
    open_tickets,
    described_tickets,
    stale_tickets,
    unassigned_tickets,
    open_age_seconds,
    {{ build_id() }} as build_id
from daily
where open_tickets > 0
order by local_date
