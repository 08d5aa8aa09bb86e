{{ kpi_twin('kpi_backlog_daily', 'en') }}
