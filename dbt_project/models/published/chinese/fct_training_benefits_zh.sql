{{ kpi_twin('fct_training_benefits', 'zh') }}
