{{ kpi_changes_twin('zh') }}
