{{ kpi_twin('kpi_agent_pairs', 'en', kinds={'quadrant': 'quadrant'}) }}
