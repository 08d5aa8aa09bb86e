-- What the semantic layer says of each KPI, where models need it as rows.
select
    kpi_id,
    catalogue,
    kpi_group,
    unit,
    direction
from (
    values
    {%- for metric in kpi_metrics() %}
    {%- set meta = metric.config.meta %}
    (
        {{ text_literal(metric.name) }},
        {{ text_literal(meta.catalogue) }},
        {{ text_literal(meta.group) }},
        {{ text_literal(meta.unit) }},
        {{ text_literal(meta.direction) }}
    ){{ "," if not loop.last }}
    {%- else %}
    ('', '', '', '', '')
    {%- endfor %}
) as definitions (kpi_id, catalogue, kpi_group, unit, direction)
