{#- The limit of a KPI on a channel, an aggregate over the rows of kpi_thresholds, or of
    kpi_parameters where a parameter is named: the channel's own row, else that of all channels,
    whose * sorts before any name. -#}
{% macro limit_of(kpi_id, channel, parameter=none) %}
    {{- "max_by(" ~ ("value" if parameter else "seconds") ~ ", channel) filter (where kpi_id = '"
        ~ kpi_id ~ "' and channel in ('*', '" ~ channel ~ "')"
        ~ (" and parameter = '" ~ parameter ~ "'" if parameter else "") ~ ")" -}}
{% endmacro %}
