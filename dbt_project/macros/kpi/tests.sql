{#- Fails for each combination of the columns that more than one row has. -#}
{% test unique_together(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}

{#- Fails for each row whose column exceeds the limit: a part larger than its whole. -#}
{% test at_most(model, column_name, bound) %}
    select {{ column_name }}
    from {{ model }}
    where {{ column_name }} > {{ bound }}
{% endtest %}

{#- Fails for each row of which the expression is not true; null counts as true, as in a check. -#}
{% test expression_holds(model, expression) %}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
