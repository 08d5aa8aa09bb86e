{{ kpi_twin('kpi_qa_agents_daily', 'en', kinds={'category': 'qa_category'}) }}
