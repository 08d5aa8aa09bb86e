{{ kpi_twin('kpi_voice_daily', 'en') }}
