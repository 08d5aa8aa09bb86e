{{ kpi_twin('kpi_open_tickets', 'en') }}
