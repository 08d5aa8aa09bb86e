{{ kpi_change_drivers_twin('zh') }}
