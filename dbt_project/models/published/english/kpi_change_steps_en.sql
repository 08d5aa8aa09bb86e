{{ kpi_change_steps_twin('en') }}
