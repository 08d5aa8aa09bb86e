{{ kpi_twin('kpi_gaps_named', 'zh') }}
