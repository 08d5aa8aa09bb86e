-- The facts are found through the semantic models; dbt needs to see them named.
-- depends_on: {{ ref('fct_ticket_responses') }}
-- depends_on: {{ ref('fct_turns') }}
-- depends_on: {{ ref('fct_contacts') }}
-- depends_on: {{ ref('fct_messages') }}
-- depends_on: {{ ref('fct_ticket_agents') }}
{%- set semantic_models = [
    'contact_answers',
    'messages',
    'opened_turns',
    'ticket_agents',
    'ticket_responses',
] %}
{%- set dimensions = {
    'source_system': 'source_system',
    'account_id': 'account_id',
    'shop': 'shop',
    'channel': 'channel',
    'team_name': 'team_name',
    'priority': 'priority',
} %}

with

daily as (
    {{ kpi_branches(dimensions, semantic_models, by_agent=true) }}

)

select
    anchor,
    local_date,
    {%- for dimension in dimensions %}
    {{ dimension }},
    {%- endfor %}
    attribution,
    {{ hash_key(['source_system', 'account_id', "coalesce(agent_id, 'unknown')"]) }} as agent_key,
    contacts_judged,
    contacts_answered,
    contacts_due,
    contacts_answered_in_rule_time,
    messages_public,
    messages_in,
    messages_out,
    messages_bot,
    valid_messages_out,
    valid_messages_in,
    turns_opened,
    turns_unanswered_at_day_end,
    turns_accepted,
    turns_answered_within_limit,
    first_turns_accepted,
    first_turns_answered_within_limit,
    turn_wait_platform_seconds,
    turn_wait_platform_values,
    assignment_to_reply_seconds,
    assignment_to_reply_values,
    assignment_to_reply_business_seconds,
    assignment_to_reply_business_values,
    first_reply_zendesk_seconds,
    first_reply_zendesk_values,
    first_response_platform_seconds,
    first_response_platform_values,
    wait_excess_seconds,
    tickets_awaiting_reply,
    first_assignment_seconds,
    first_assignment_values,
    first_assignment_business_seconds,
    first_assignment_business_values,
    unassigned_seconds,
    unassigned_values,
    unassigned_business_seconds,
    unassigned_business_values,
    valid_sessions,
    {{ build_id() }} as build_id
from daily
order by local_date, anchor
