{{ kpi_twin('kpi_qa_critical', 'en', kinds={'dispute': 'dispute'}) }}
