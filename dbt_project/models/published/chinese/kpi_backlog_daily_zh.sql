{{ kpi_twin('kpi_backlog_daily', 'zh') }}
