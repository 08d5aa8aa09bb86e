{#- How far a target is reached, by the direction of good, held between 0 and 1.5. Where nothing is
    left of what should be low, the target is reached in full and more. -#}
{% macro kpi_attainment(value, target, direction) %}
    case
        -- least and greatest pass over nulls.
        when {{ value }} is null or {{ target }} is null then null
        when {{ direction }} = 'down' and {{ value }} <= 0 then 1.5
        when {{ direction }} = 'down' then least(greatest({{ target }} / {{ value }}, 0), 1.5)
        when {{ direction }} = 'up' and {{ target }} > 0
            then least(greatest({{ value }} / {{ target }}, 0), 1.5)
    end
{%- endmacro %}
