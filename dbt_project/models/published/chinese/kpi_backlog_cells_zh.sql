{{ kpi_twin('kpi_backlog_cells', 'zh') }}
