{#- A sum of fractions that does not depend on the order of its rows, as a sum of doubles does in its
    last digits: taken in fixed point, exact but for what lies behind the decimals of one summand.
    A sum that does not fit (10^23 with 15 decimals) fails. -#}
{% macro exact_sum(expr, decimals=15, where='', over='') %}
    {{- return(adapter.dispatch('exact_sum', 'helpmart')(expr, decimals, where, over)) -}}
{% endmacro %}

{% macro duckdb__exact_sum(expr, decimals, where, over) %}
    {{- "cast(sum(cast(" ~ expr ~ " as decimal(38, " ~ decimals ~ ")))"
        ~ (" filter (where " ~ where ~ ")" if where) ~ (" over " ~ over if over)
        ~ " as double)" -}}
{% endmacro %}

{#- A mean of fractions, likewise; null without any. -#}
{% macro exact_mean(expr, where='', over='') %}
    {{- exact_sum(expr, where=where, over=over) ~ " / count(" ~ expr ~ ")"
        ~ (" filter (where " ~ where ~ ")" if where) ~ (" over " ~ over if over) -}}
{% endmacro %}
