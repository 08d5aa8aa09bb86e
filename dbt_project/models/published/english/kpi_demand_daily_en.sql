{{ kpi_twin('kpi_demand_daily', 'en', without=['agent_key']) }}
