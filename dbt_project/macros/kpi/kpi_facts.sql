{#- The facts behind the semantic models, named to dbt: it can't see them where a model finds them
    through the semantic layer. Call it at the head of such a model. -#}
{% macro kpi_depends_on_facts() %}
    {%- do ref('fct_actions') -%}
    {%- do ref('fct_agent_days') -%}
    {%- do ref('fct_agent_proficiency_months') -%}
    {%- do ref('fct_backlog_snapshots') -%}
    {%- do ref('fct_backlog_ticket_days') -%}
    {%- do ref('fct_bot_sessions') -%}
    {%- do ref('fct_calls') -%}
    {%- do ref('fct_contact_forecasts') -%}
    {%- do ref('fct_contacts') -%}
    {%- do ref('fct_employee_survey') -%}
    {%- do ref('fct_exams') -%}
    {%- do ref('fct_handled_orders') -%}
    {%- do ref('fct_handling') -%}
    {%- do ref('fct_headcount_months') -%}
    {%- do ref('fct_messages') -%}
    {%- do ref('fct_paid_orders') -%}
    {%- do ref('fct_peak_hours') -%}
    {%- do ref('fct_performance_reviews') -%}
    {%- do ref('fct_presence_days') -%}
    {%- do ref('fct_qa_conversations') -%}
    {%- do ref('fct_qa_double_reviews') -%}
    {%- do ref('fct_qa_items') -%}
    {%- do ref('fct_qa_reviews') -%}
    {%- do ref('fct_session_hours') -%}
    {%- do ref('fct_shifts') -%}
    {%- do ref('fct_skill_gap_quarters') -%}
    {%- do ref('fct_sla_targets') -%}
    {%- do ref('fct_staffing_half_hours') -%}
    {%- do ref('fct_surveys') -%}
    {%- do ref('fct_ticket_agents') -%}
    {%- do ref('fct_ticket_responses') -%}
    {%- do ref('fct_tickets') -%}
    {%- do ref('fct_training') -%}
    {%- do ref('fct_training_benefits') -%}
    {%- do ref('fct_training_effects') -%}
    {%- do ref('fct_turns') -%}
{% endmacro %}

{#- Facts that are computed from KPI values, so that they can't be among those they come from. -#}
{% macro kpi_depends_on_composites() %}
    {%- do ref('fct_composite_cells') -%}
{% endmacro %}
