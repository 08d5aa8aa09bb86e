{#- A table whose statement is a union of parts, run one after another within one transaction: what
    a part held in memory is free before the next begins. -#}
{% materialization table_in_parts, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set parts = compiled_code.split(between_parts()) -%}
    {% call statement('main') -%}
        {{ drop_statement(load_cached_relation(this)) }}
        {{ create_table_as(false, target_relation, parts[0]) }}
    {%- endcall %}
    {%- for part in parts[1:] -%}
        {% call statement('part') -%}
            insert into {{ target_relation }} by name {{ part }}
        {%- endcall %}
    {%- endfor -%}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Where such a statement may be cut; as a whole it is one valid query. -#}
{% macro between_parts() %}
    {{- return("\n\nunion all -- next part\n\n") -}}
{% endmacro %}
