-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_message_sentiments') }}
-- depends_on: {{ ref('fct_ticket_sentiments') }}
-- depends_on: {{ ref('fct_auto_qa_reviews') }}
-- depends_on: {{ ref('fct_phrase_checks') }}
-- depends_on: {{ ref('fct_contact_needs') }}
-- depends_on: {{ ref('fct_cx_scores') }}
{%- set facts = [
    'message_sentiments',
    'ticket_sentiments',
    'auto_qa_reviews',
    'phrase_checks',
    'contact_needs',
    'cx_scores',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
    'topic': 'topic',
} %}

with

daily as (
    {{ kpi_branches(dimensions, facts, by_agent=true) }}

)

-- Two facts may share an anchor: their rows of a day and unit are one.
select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    {%- for measure in kpi_additive(kpi_measures(facts)) %}
    cast(sum({{ measure.name }}) as {{ measure.type }}) as {{ measure.name }},
    {%- endfor %}
    {{ build_id() }} as build_id
from daily
group by all
order by local_date, anchor
