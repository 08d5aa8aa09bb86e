{#- kpi_values with the names of KPI and member in one language; a member without a name keeps its own.
    A kind and member have one label (tested), so no join multiplies rows. -#}
{% macro kpi_values_twin(language) %}
{{ config(materialized='view') }}
{%- set whole = {'en': 'All', 'zh': '全部'}[language] %}
select
    published.*,
    kpi_labels.name_{{ language }} as kpi_name,
    case
        when published.grain = 'total' then '{{ whole }}'
        else coalesce(
            member_labels.name_{{ language }},
            people.person_name,
            -- Regions are as many as the sources write, and named as they are written.
            case when published.grain = 'segment'
                then regexp_replace(published.unit_value, '^region_', '')
            end,
            published.unit_value
        )
    end as unit_name
from {{ ref('kpi_values') }} as published
left join {{ ref('dim_labels') }} as kpi_labels
    on
        kpi_labels.kind = 'kpi'
        and kpi_labels.member = published.kpi_id
left join {{ ref('dim_labels') }} as member_labels
    on
        member_labels.kind = {{ kpi_member_kind('published.grain', 'published.kpi_id') }}
        and member_labels.member = published.unit_value
left join {{ ref('dim_people') }} as people
    on
        published.grain = 'agent'
        and people.person_key = published.unit_value
{% endmacro %}
