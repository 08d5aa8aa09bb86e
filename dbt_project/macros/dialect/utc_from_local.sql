{#- The instant at which clocks in `zone` show `local`. Of an hour that comes twice the earlier one,
    an hour that is skipped counts on with the offset before it: Python's fold=0. DuckDB's own
    conversion takes the later of the two. -#}
{% macro utc_from_local(local, zone) %}
    {{- return(adapter.dispatch('utc_from_local', 'helpmart')(local, zone)) -}}
{% endmacro %}

{#- A transition lies within a day of `local` only if the offsets a day before and after differ. -#}
{% macro duckdb__utc_from_local(local, zone) %}
    {%- set before = utc_offset(local ~ " - interval 1 day", zone) -%}
    {%- set after = utc_offset(local ~ " + interval 1 day", zone) -%}
    {%- set as_before = "(" ~ local ~ " - " ~ before ~ ")" -%}
    {%- set as_after = "(" ~ local ~ " - " ~ after ~ ")" -%}
    case
        when {{ before }} = {{ after }} then {{ as_before }}
        when {{ utc_offset(as_before, zone) }} = {{ before }} then {{ as_before }}
        when {{ utc_offset(as_after, zone) }} = {{ after }} then {{ as_after }}
        else {{ as_before }}
    end
{%- endmacro %}

{#- How far clocks in `zone` are ahead of UTC at `instant`, as an interval. -#}
{% macro utc_offset(instant, zone) %}
    {{- "(" ~ local_timestamp(instant, zone) ~ " - (" ~ instant ~ "))" -}}
{% endmacro %}
