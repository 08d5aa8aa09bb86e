{{ kpi_change_steps_twin('zh') }}
