{#- A view of a published table with its members named in one language. What a column's members are
    called is found by its name in `kpi_label_kinds`; `kinds` adds columns whose name says too little
    (column to kind, none: left as it is), `without` leaves columns out. A member without a label stays
    as it is. A kind and member have one label (tested), so no join multiplies rows. -#}
{% macro kpi_twin(table, language, kinds={}, without=[]) %}
{{ config(materialized='view') }}
{%- set labels = ref('dim_labels') -%}
{%- set known = dict(kpi_label_kinds(), **kinds) -%}
{%- set named = {} -%}
{%- for column in kpi_columns_of(table) if known.get(column) and column not in without -%}
    {%- do named.update({column: known[column]}) -%}
{%- endfor %}
select
    published.*
    {%- if without %} exclude ({{ without | join(', ') }}){% endif %}
    {%- if named %} replace (
        {%- for column in named %}
        coalesce({{ column }}_labels.name_{{ language }}, published.{{ column }}) as {{ column }}
        {{- "," if not loop.last }}
        {%- endfor %}
    )
    {%- endif %}
from {{ ref(table) }} as published
{%- for column, kind in named.items() %}
left join {{ labels }} as {{ column }}_labels
    on
        {{ column }}_labels.kind = '{{ kind }}'
        and {{ column }}_labels.member = published.{{ column }}
{%- endfor %}
{% endmacro %}

{#- Which kind of label the members of a column take, wherever it stands. -#}
{% macro kpi_label_kinds() %}
    {{- return({
        'age_bucket': 'age_bucket',
        'channel': 'channel',
        'csat_band': 'csat_band',
        'day_kind': 'day_kind',
        'hour_kind': 'hour_kind',
        'loyalty_band': 'loyalty_band',
        'need': 'need',
        'platform': 'platform',
        'priority': 'priority',
        'roster_basis': 'roster_basis',
        'skill': 'skill',
        'spending_band': 'spending_band',
        'status': 'status',
        'team_name': 'team',
        'topic': 'topic',
        'type': 'ticket_type',
        'wait_bucket': 'wait_bucket',
        'weekday_name': 'weekday',
    }) -}}
{% endmacro %}

{#- The columns of a model as its contract names them; none while the project is parsed. -#}
{% macro kpi_columns_of(table) %}
    {%- set nodes = graph.nodes.values() if execute else [] -%}
    {%- for node in nodes if node.name == table and node.resource_type == 'model' -%}
        {{- return(node.columns.keys() | list) -}}
    {%- endfor -%}
    {{- return([]) -}}
{% endmacro %}
