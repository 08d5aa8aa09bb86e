{{ kpi_twin('kpi_qa_critical', 'zh', kinds={'dispute': 'dispute'}) }}
