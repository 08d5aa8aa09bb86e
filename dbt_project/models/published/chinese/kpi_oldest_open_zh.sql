{{ kpi_twin('kpi_oldest_open', 'zh') }}
