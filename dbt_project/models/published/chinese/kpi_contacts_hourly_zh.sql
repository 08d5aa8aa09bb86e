{{ kpi_twin('kpi_contacts_hourly', 'zh') }}
