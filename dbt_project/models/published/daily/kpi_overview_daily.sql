{%- set measures = kpi_additive(kpi_measures()) | rejectattr('is_snapshot') | list %}

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
