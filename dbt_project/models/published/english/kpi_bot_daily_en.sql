{{ kpi_twin('kpi_bot_daily', 'en') }}
