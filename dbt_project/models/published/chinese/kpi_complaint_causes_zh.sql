{{ kpi_twin('kpi_complaint_causes', 'zh', kinds={'cause': 'complaint_cause'}) }}
