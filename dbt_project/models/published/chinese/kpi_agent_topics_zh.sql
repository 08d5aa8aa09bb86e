{{ kpi_twin('kpi_agent_topics', 'zh') }}
