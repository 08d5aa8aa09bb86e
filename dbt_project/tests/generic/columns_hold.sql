{#- What a table promises of its columns, in one pass: a test each would cost dbt more than the
    database. Fails with one row for each broken rule: the columns, the rule and how many rows
    break it.
      filled     columns without nulls
      unique     keys: lists of columns that no two rows share; one column alone may be null
      accepted   column: the values it may have, besides null
      at_most    column: what it must not exceed, a number or another column -#}
{% test columns_hold(model, filled=(), unique=(), accepted={}, at_most={}) %}
    {%- set rules = {} -%}
    {%- for column in filled -%}
        {%- do rules.update({column ~ ' is never null': column ~ ' is null'}) -%}
    {%- endfor -%}
    {%- for column, values in accepted.items() -%}
        {%- set listed = values | map('string') | map('replace', "'", "''") | join("', '") -%}
        {%- do rules.update({
            column ~ ' is one of the accepted values': column ~ " not in ('" ~ listed ~ "')"
        }) -%}
    {%- endfor -%}
    {%- for column, bound in at_most.items() -%}
        {%- do rules.update({column ~ ' is at most ' ~ bound: column ~ ' > ' ~ bound}) -%}
    {%- endfor %}
with

counted as (

    select
        {%- for breach in rules.values() %}
        count(*) filter (where {{ breach }}) as rule_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count
    from {{ model }}

),

checked as (
    {% for rule in rules %}
    select {{ text_literal(rule) }} as rule, rule_{{ loop.index }} as row_count
    from counted
    {{ "union all" if not loop.last or unique }}
    {%- endfor %}
    {%- for columns in unique %}
    select {{ text_literal(columns | join(', ') ~ ' is unique') }} as rule, count(*) as row_count
    from (
        select {{ columns | join(', ') }}
        from {{ model }}
        {{ "where " ~ columns[0] ~ " is not null" if columns | length == 1 }}
        group by {{ columns | join(', ') }}
        having count(*) > 1
    ) as repeated
    {{ "union all" if not loop.last }}
    {%- endfor %}

)

select rule, row_count
from checked
where row_count > 0
{% endtest %}
