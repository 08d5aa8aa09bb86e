{#- One column for each duration that a percentile is taken of; null outside its population. -#}
{%- set durations = {} %}
{%- for measure in kpi_measures(['tickets']) if measure.agg == 'percentile' %}
{%- do durations.update({measure.meta.column: measure.expr}) %}
{%- endfor %}

select
    ticket_key,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    created_date,
    cast({{ local_hour('created_at') }} as integer) as created_hour,
    cast(isodow(created_date) as integer) as created_weekday,
    first_solved_date,
    last_solved_date,
    {%- for column, expression in durations.items() %}
    {{ expression }} as {{ column }},
    {%- endfor %}
    {{ build_id() }} as build_id
from {{ ref('fct_tickets') }}
where in_p2
order by created_date
