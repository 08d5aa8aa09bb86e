{{ kpi_twin('kpi_text_daily', 'zh', without=['agent_key']) }}
