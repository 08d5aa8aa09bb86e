{#- One number of the seed kpi_parameters, for all channels; a KPI, parameter and channel are unique. -#}
{% macro kpi_parameter(kpi_id, parameter) -%}
    (
        select parameters.value
        from {{ ref('kpi_parameters') }} as parameters
        where
            parameters.kpi_id = '{{ kpi_id }}'
            and parameters.parameter = '{{ parameter }}'
            and parameters.channel = '*'
    )
{%- endmacro %}
