{{ kpi_twin('fct_load_files', 'zh') }}
