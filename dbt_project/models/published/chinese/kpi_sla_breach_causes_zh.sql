{{ kpi_twin('kpi_sla_breach_causes', 'zh', kinds={'breach_cause': 'breach_cause'}) }}
