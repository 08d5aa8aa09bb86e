{#- The rows of a published table with the members of some columns named in one language.
    `kinds` maps a column to the kind of label it takes; a member without a label stays as it is.
    A kind and member have one label (tested), so no join multiplies rows. -#}
{% macro kpi_twin(table, kinds, language) %}
select
    published.* replace (
        {%- for column in kinds %}
        coalesce({{ column }}_labels.name_{{ language }}, published.{{ column }}) as {{ column }}
        {{- "," if not loop.last }}
        {%- endfor %}
    )
from {{ ref(table) }} as published
{%- for column, kind in kinds.items() %}
left join {{ ref('dim_labels') }} as {{ column }}_labels
    on
        {{ column }}_labels.kind = '{{ kind }}'
        and {{ column }}_labels.member = published.{{ column }}
{%- endfor %}
{% endmacro %}
