{{ kpi_values_twin('en') }}
