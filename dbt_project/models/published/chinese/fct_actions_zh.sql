{{ kpi_twin('fct_actions', 'zh', kinds={'kpi_id': 'kpi'}) }}
