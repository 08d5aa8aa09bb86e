{{ kpi_twin('kpi_bot_stages', 'en', kinds={'stage': 'bot_stage'}) }}
