{{ kpi_twin('kpi_forecast_half_hourly', 'en') }}
