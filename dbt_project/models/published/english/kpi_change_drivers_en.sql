{{ kpi_change_drivers_twin('en') }}
