{#- Read when the model runs, not when it is parsed: a new id must not cost a full parse. -#}
{% macro build_id() %}
    {{- "'" ~ (env_var('HELPMART_BUILD_ID', 'unversioned') if execute else '') ~ "'" -}}
{% endmacro %}
