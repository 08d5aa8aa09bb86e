{{ kpi_twin('kpi_voice_daily', 'zh') }}
