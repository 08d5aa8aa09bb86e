{{ kpi_twin('kpi_resolution_daily', 'en') }}
