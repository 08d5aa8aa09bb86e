{{ kpi_anomalies_twin('zh') }}
