{{ kpi_twin('kpi_bot_stages', 'zh', kinds={'stage': 'bot_stage'}) }}
