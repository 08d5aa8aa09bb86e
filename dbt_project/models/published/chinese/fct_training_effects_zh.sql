{{ kpi_twin('fct_training_effects', 'zh') }}
