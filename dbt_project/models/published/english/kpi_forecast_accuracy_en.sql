{{ kpi_twin('kpi_forecast_accuracy', 'en', kinds={'period_type': 'forecast_period'}) }}
