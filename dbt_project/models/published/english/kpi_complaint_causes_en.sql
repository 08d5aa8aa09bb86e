{{ kpi_twin('kpi_complaint_causes', 'en', kinds={'cause': 'complaint_cause'}) }}
