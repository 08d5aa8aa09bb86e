with

targets as (

    select *
    from {{ ref('kpi_targets') }}

),

definitions as (

    select kpi_id, name_en, name_zh, unit
    from {{ ref('kpi_dictionary') }}

)

-- A KPI has one definition, so that targets stay one row.
select
    targets.kpi_id,
    coalesce(definitions.name_en, targets.kpi_id) as kpi_name_en,
    coalesce(definitions.name_zh, targets.kpi_id) as kpi_name_zh,
    targets.grain,
    targets.unit_value,
    {%- for language in ('en', 'zh') %}
    {%- for value in ('target', 'baseline', 'benchmark') %}
    {{ kpi_value_text('targets.' ~ value ~ '_value', 'definitions.unit', language) }}
        as {{ value }}_text_{{ language }},
    {%- endfor %}
    {%- endfor %}
    targets.benchmark_set,
    targets.owner,
    targets.due_date,
    targets.source,
    targets.status,
    targets.valid_from,
    nullif(targets.valid_to, date '9999-12-31') as valid_to,
    {{ build_id() }} as build_id
from targets
left join definitions
    on definitions.kpi_id = targets.kpi_id
