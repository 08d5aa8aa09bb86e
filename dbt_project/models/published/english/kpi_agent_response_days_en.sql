{{ kpi_twin('kpi_agent_response_days', 'en') }}
