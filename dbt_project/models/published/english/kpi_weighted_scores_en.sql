{{ kpi_twin('kpi_weighted_scores', 'en', kinds={'weights_state': 'weights_state'}) }}
