{#- A value in its unit as a reader says it, null where there is none. Seconds become the largest
    unit that leaves at least 1; a share has one decimal. -#}
{% macro kpi_value_text(value, unit, language) %}
{%- set words = {
    'en': {'s': ' s', 'min': ' min', 'h': ' h', 'd': ' days'},
    'zh': {'s': '秒', 'min': '分钟', 'h': '小时', 'd': '天'},
}[language] -%}
case
    when {{ value }} is null then null
    when {{ unit }} in ('rate', 'share') then printf('%.1f', 100 * {{ value }}) || '%'
    when {{ unit }} = 'count' then format('{:,}', cast(round({{ value }}) as bigint))
    when {{ unit }} = 'seconds' and abs({{ value }}) < 60
        then printf('%.0f', {{ value }}) || '{{ words["s"] }}'
    when {{ unit }} = 'seconds' and abs({{ value }}) < 3600
        then printf('%.1f', {{ value }} / 60) || '{{ words["min"] }}'
    when {{ unit }} = 'seconds' and abs({{ value }}) < 172800
        then printf('%.1f', {{ value }} / 3600) || '{{ words["h"] }}'
    when {{ unit }} = 'seconds' then printf('%.1f', {{ value }} / 86400) || '{{ words["d"] }}'
    when abs({{ value }}) < 1 then printf('%.3f', {{ value }})
    else printf('%.2f', {{ value }})
end
{%- endmacro %}

{#- A change in its unit with its sign; that of a share in percentage points. -#}
{% macro kpi_change_text(change, unit, language) %}
{%- set points = {'en': ' pp', 'zh': '个百分点'}[language] -%}
case
    when {{ change }} is null then null
    else case when {{ change }} > 0 then '+' else '' end || case
        when {{ unit }} in ('rate', 'share') then printf('%.1f', 100 * {{ change }}) || '{{ points }}'
        else {{ kpi_value_text(change, unit, language) }}
    end
end
{%- endmacro %}
