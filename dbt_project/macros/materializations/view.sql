{#- A view, built in its place within one transaction, as a table is. -#}
{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {% call statement('main') -%}
        {{ drop_statement(load_cached_relation(this)) }}
        {{ get_create_view_as_sql(target_relation, sql) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
