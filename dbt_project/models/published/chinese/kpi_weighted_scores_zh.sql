{{ kpi_twin('kpi_weighted_scores', 'zh', kinds={'weights_state': 'weights_state'}) }}
