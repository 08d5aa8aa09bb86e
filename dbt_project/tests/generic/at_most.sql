{#- Fails for each row whose column exceeds the limit: a part larger than its whole. -#}
{% test at_most(model, column_name, bound) %}
    select {{ column_name }}
    from {{ model }}
    where {{ column_name }} > {{ bound }}
{% endtest %}
