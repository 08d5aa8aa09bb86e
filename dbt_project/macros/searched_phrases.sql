{#- One row a phrase of a table of rules whose `phrases` are parted by |, as it is searched for. -#}
{% macro searched_phrases(relation, columns) %}
    select
        {{ columns | join(', ') }},
        case
            when language = 'zh' then trim({{ searchable_text('phrase') }})
            else {{ searchable_text('phrase') }}
        end as phrase
    from (
        select *, unnest(string_split(phrases, '|')) as phrase
        from {{ relation }}
    ) as listed
{%- endmacro %}
