{%- set facts = ['tickets', 'turns', 'contacts', 'sla_targets', 'surveys'] %}
{%- set measures = kpi_additive(kpi_measures(facts)) | rejectattr('is_snapshot') | list %}

select
    anchor,
    local_date,
    source_system,
    account_id,
    shop,
    channel,
    team_name,
    priority,
    {%- for measure in measures %}
    cast(sum({{ measure.name }}) as bigint) as {{ measure.name }},
    {%- endfor %}
    build_id
from {{ ref('kpi_daily') }}
group by
    anchor, local_date, source_system, account_id, shop, channel, team_name, priority, build_id
