{{ kpi_values_twin('zh') }}
