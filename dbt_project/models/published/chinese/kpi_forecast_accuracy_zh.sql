{{ kpi_twin('kpi_forecast_accuracy', 'zh', kinds={'period_type': 'forecast_period'}) }}
