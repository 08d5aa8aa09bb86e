{{ kpi_twin('quality_checks', 'zh') }}
