{{ kpi_twin('kpi_staffing_what_if', 'en') }}
