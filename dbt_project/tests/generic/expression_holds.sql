{#- Fails for each row of which the expression is not true; null counts as true, as in a check. -#}
{% test expression_holds(model, expression) %}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
