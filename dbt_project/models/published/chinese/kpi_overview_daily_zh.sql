{{ kpi_twin('kpi_overview_daily', 'zh') }}
