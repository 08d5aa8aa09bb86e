{{ kpi_twin('fct_actions', 'zh') }}
