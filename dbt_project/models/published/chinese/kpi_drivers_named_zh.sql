{{ kpi_twin('kpi_drivers_named', 'zh') }}
