{#- The address of a ticket in the helpdesk, from the variable `ticket_url`. -#}
{% macro ticket_link(account_id, ticket_id) %}
    {{- "replace(replace('" ~ var('ticket_url') | replace("'", "''")
        ~ "', '{account_id}', " ~ account_id ~ "), '{ticket_id}', " ~ ticket_id ~ ")" -}}
{% endmacro %}
