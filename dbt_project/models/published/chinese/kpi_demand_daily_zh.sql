{{ kpi_twin('kpi_demand_daily', 'zh', without=['agent_key']) }}
