{#- Keeps the newest landed version of each natural key; equal stamps are decided by content, so
    that two runs agree whatever the order of the files. -#}
{% macro newest_version(keys) %}
    qualify row_number() over (
        partition by _account_id, {{ keys | join(', ') }}
        order by _version_at desc nulls last, _row_hash
    ) = 1
{%- endmacro %}
