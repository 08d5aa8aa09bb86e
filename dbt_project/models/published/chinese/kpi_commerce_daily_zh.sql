{{ kpi_twin('kpi_commerce_daily', 'zh') }}
