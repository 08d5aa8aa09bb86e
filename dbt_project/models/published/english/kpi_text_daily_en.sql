{{ kpi_twin('kpi_text_daily', 'en', without=['agent_key']) }}
