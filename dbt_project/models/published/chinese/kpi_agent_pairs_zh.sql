{{ kpi_twin('kpi_agent_pairs', 'zh', kinds={'quadrant': 'quadrant'}) }}
