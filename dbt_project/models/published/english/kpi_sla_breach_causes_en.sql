{{ kpi_twin('kpi_sla_breach_causes', 'en', kinds={'breach_cause': 'breach_cause'}) }}
