{{ kpi_twin('kpi_forecast_daily', 'en') }}
