{{ kpi_twin('kpi_targets_named', 'zh') }}
