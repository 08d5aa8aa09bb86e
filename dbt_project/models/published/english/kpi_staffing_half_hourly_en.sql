{{ kpi_twin('kpi_staffing_half_hourly', 'en') }}
