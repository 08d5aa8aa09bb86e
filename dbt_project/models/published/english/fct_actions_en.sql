{{ kpi_twin('fct_actions', 'en', kinds={'kpi_id': 'kpi'}) }}
