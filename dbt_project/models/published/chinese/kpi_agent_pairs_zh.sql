{{ kpi_twin('kpi_agent_pairs', 'zh') }}
