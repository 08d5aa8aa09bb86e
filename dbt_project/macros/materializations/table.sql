{#- A table, built in its place within one transaction: what was there stays if that fails. dbt's own
    is built under another name, renamed and dropped, which takes longer than most statements here;
    hooks, grants and indexes, of which this project has none, are left out. -#}
{% materialization table, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {% call statement('main') -%}
        {{ drop_statement(load_cached_relation(this)) }}
        {{ create_table_as(false, target_relation, compiled_code) }}
    {%- endcall %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
