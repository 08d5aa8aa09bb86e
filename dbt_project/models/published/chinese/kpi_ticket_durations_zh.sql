{{ kpi_twin('kpi_ticket_durations', 'zh') }}
