{{ kpi_twin('kpi_qa_agents_daily', 'zh', kinds={'category': 'qa_category'}) }}
