{{ kpi_spoken('kpi_agent_standings', 'en') }}
