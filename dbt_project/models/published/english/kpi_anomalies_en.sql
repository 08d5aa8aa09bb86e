{{ kpi_anomalies_twin('en') }}
