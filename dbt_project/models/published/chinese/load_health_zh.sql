{{ kpi_twin('load_health', 'zh') }}
