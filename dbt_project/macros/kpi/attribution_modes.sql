{#- The ways in which a ticket is credited to agents, as `fct_ticket_credits` holds them. A metric's
    `meta.attribution` names one of them, or `none`, or a role that its own fact states. -#}
{% macro attribution_modes() %}
    {{- return([
        'sender',
        'assignee_at_event',
        'closer',
        'first_assignee',
        'last_assignee',
        'participants_fractional',
    ]) -}}
{% endmacro %}
