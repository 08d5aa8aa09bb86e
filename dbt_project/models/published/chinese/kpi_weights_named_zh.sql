{{ kpi_twin('kpi_weights_named', 'zh') }}
