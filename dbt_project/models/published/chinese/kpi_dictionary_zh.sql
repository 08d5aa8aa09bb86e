{{ kpi_twin('kpi_dictionary', 'zh') }}
