{{ kpi_twin('kpi_ticket_states', 'en') }}
