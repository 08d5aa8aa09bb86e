{{ kpi_changes_twin('en') }}
