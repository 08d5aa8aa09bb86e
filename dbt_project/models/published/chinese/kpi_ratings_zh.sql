{{ kpi_twin('kpi_ratings', 'zh') }}
