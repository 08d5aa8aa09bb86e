{{ kpi_twin('kpi_bot_daily', 'zh') }}
